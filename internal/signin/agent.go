package signin

import "strings"

// agentWord is a word of a User-Agent and what people call it.
type agentWord struct{ word, name string }

// The words are looked for in this order: later ones stand in the headers of
// the earlier ones' browsers and systems too (RFC 9110, 10.1.5, is silent, and
// every browser claims to be its forerunners).
var (
	browsers = [...]agentWord{
		{"Edg/", "Edge"},
		{"EdgA/", "Edge"},
		{"EdgiOS/", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"MicroMessenger/", "WeChat"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Chromium/", "Chromium"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
	}
	platforms = [...]agentWord{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"HarmonyOS", "HarmonyOS"},
		{"Windows", "Windows"},
		{"CrOS", "ChromeOS"},
		{"Macintosh", "macOS"},
		{"Linux", "Linux"},
	}
)

// readAgent guesses browser and system from a User-Agent, for people to
// recognise their devices by; "" for what it does not know. Nothing is decided
// by it.
func readAgent(agent string) (browser, platform string) {
	return firstOf(agent, browsers[:]), firstOf(agent, platforms[:])
}

func firstOf(agent string, words []agentWord) string {
	for _, w := range words {
		if strings.Contains(agent, w.word) {
			return w.name
		}
	}
	return ""
}
