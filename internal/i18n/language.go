package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// Language is one of the languages the product speaks, as a BCP 47 tag.
type Language string

// The languages of the product.
const (
	ZhCN Language = "zh-CN" // Chinese, simplified
	EnUS Language = "en-US" // English; what is missing elsewhere is said in it
)

// acceptLimit bounds how much of an Accept-Language header is read. Browsers
// send well below it; parsing is not linear in what follows.
const acceptLimit = 256

// Languages returns every language, English first.
func Languages() []Language { return []Language{EnUS, ZhCN} }

// Parse returns the language with exactly this tag, such as a value of a
// cookie or a query parameter, and whether there is one.
func Parse(tag string) (Language, bool) {
	lang := Language(tag)
	return lang, slices.Contains(Languages(), lang)
}

// Match chooses the language that suits an Accept-Language header best (RFC
// 9110, 12.5.4). A header that is empty, unreadable or names only languages
// the product does not speak yields the fallback, and an unknown fallback
// yields English.
func Match(acceptLanguage string, fallback Language) Language {
	if _, ok := Parse(string(fallback)); !ok {
		fallback = EnUS
	}
	if acceptLanguage == "" || len(acceptLanguage) > acceptLimit {
		return fallback
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return fallback
	}
	_, index, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return fallback
	}
	return Languages()[index]
}

// matcher is built once: its tables are costly and never change. Its order is
// that of Languages.
var matcher = language.NewMatcher([]language.Tag{language.AmericanEnglish, language.SimplifiedChinese})
