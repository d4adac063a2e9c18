package pages

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	p := newPages(t, Options{})
	for name, address := range p.assets.addresses {
		w := httptest.NewRecorder()
		p.Assets().ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		want, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusOK || w.Body.String() != string(want) {
			t.Errorf("%s: status %d and %d bytes, want 200 and %d", address, w.Code, w.Body.Len(), len(want))
		}
		if got, want := w.Header().Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
			t.Errorf("%s: Cache-Control = %q, want %q", address, got, want)
		}
		if got := w.Header().Get("Content-Type"); got == "" || strings.HasPrefix(got, "text/plain") {
			t.Errorf("%s: Content-Type = %q", address, got)
		}
	}
	for _, address := range []string{"/assets/style.css", "/assets/", "/assets/../doc.go", "/assets/style.000000000000.css"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = address
		p.Assets().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, Cache-Control %q, want 404, not kept", address, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestMarkIsTheSameEverywhere(t *testing.T) {
	file, err := os.ReadFile("assets/mark.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(file), `d="`+MarkPath+`"`) {
		t.Errorf("assets/mark.svg = %s, want the path %s", file, MarkPath)
	}
}

// No asset and no template names another host.
func TestNothingComesFromElsewhere(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9-]+\.[a-z]{2,}|@import|url\(`)
	for _, dir := range []string{"assets", "templates"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			text, err := os.ReadFile(dir + "/" + entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			// The namespace of SVG is a name, not an address.
			rest := strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", "")
			if found := foreign.FindString(rest); found != "" {
				t.Errorf("%s/%s names %q", dir, entry.Name(), found)
			}
			if regexp.MustCompile(`(?i)<script>|<style|style="| on[a-z]+="`).MatchString(rest) && dir == "templates" {
				t.Errorf("%s/%s has inline script or style, which the policy refuses", dir, entry.Name())
			}
		}
	}
}

// palettes reads the custom properties of the style sheet: light, dark by the
// browser's setting, dark by choice.
func palettes(t *testing.T) []map[string]string {
	t.Helper()
	css, err := os.ReadFile("assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?s):root(\[data-theme="[a-z]+"\])? \{(.*?)\}`)
	property := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	var found []map[string]string
	for _, match := range block.FindAllStringSubmatch(string(css), -1) {
		palette := map[string]string{}
		for _, p := range property.FindAllStringSubmatch(match[2], -1) {
			palette[p[1]] = p[2]
		}
		found = append(found, palette)
	}
	if len(found) != 3 {
		t.Fatalf("found %d palettes, want 3", len(found))
	}
	return found
}

func TestContrast(t *testing.T) {
	const text, sign = 4.5, 3.0 // WCAG 2.2, 1.4.3 and 1.4.11
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", text},
		{"ink", "card", text},
		{"ink", "wash", text},
		{"muted", "paper", text},
		{"muted", "card", text},
		{"muted", "wash", text},
		{"accent", "card", text},
		{"accent", "paper", text},
		{"accent-strong", "card", text},
		{"accent-strong", "wash", text},
		{"on-accent", "accent", text},
		{"on-accent", "accent-strong", text},
		{"red", "card", text},
		{"red", "red-wash", text},
		{"ink", "accent-wash", text},
		{"accent", "card", text},
		{"amber", "card", text},
		{"green", "card", text},
		{"edge", "card", sign},
	}
	for i, palette := range palettes(t) {
		for _, pair := range pairs {
			got := contrast(t, palette[pair.front], palette[pair.back])
			if got < pair.least {
				t.Errorf("palette %d: %s on %s has contrast %.2f, want %.1f", i, pair.front, pair.back, got, pair.least)
			}
		}
	}
}

func TestBothDarkPalettesAreTheSame(t *testing.T) {
	all := palettes(t)
	if got, want := fmt.Sprint(all[2]), fmt.Sprint(all[1]); got != want {
		t.Errorf("dark by choice = %s, want that of the browser's setting %s", got, want)
	}
}

// contrast is the ratio of WCAG 2.2, "contrast ratio".
func contrast(t *testing.T, one, other string) float64 {
	t.Helper()
	a, b := luminance(t, one), luminance(t, other)
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

// luminance is that of WCAG 2.2, "relative luminance".
func luminance(t *testing.T, color string) float64 {
	t.Helper()
	if len(color) != 7 {
		t.Fatalf("colour %q, want #rrggbb", color)
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", color, err)
		}
		channel := float64(value) / 255
		if channel <= 0.04045 {
			sum += weight * channel / 12.92
		} else {
			sum += weight * math.Pow((channel+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func TestContrastFormula(t *testing.T) {
	for _, test := range []struct {
		one, other string
		want       float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#ffffff", "#ffffff", 1}} {
		if got := contrast(t, test.one, test.other); math.Abs(got-test.want) > 0.01 {
			t.Errorf("contrast of %s and %s = %.2f, want %.2f", test.one, test.other, got, test.want)
		}
	}
}
