package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
)

func TestCursor(t *testing.T) {
	raw := func(bytes string) string { return base64.RawURLEncoding.EncodeToString([]byte(bytes)) }
	tests := []struct {
		name, cursor, key string
		ok                bool
	}{
		{"none", "", "", true},
		{"ours", encodeCursor("mem_1"), "mem_1", true},
		{"another version", raw("\x02mem_1"), "", false},
		{"no key", raw("\x01"), "", false},
		{"not base64", "!", "", false},
		{"padded", base64.URLEncoding.EncodeToString([]byte("\x01mem_")) + "=", "", false},
		{"with a line break", encodeCursor("mem_1") + "\n", "", false},
		{"stray bits at the end", "AW1", "", false},
		{"a NUL", raw("\x01mem\x00"), "", false},
		{"not UTF-8", raw("\x01mem\xff"), "", false},
		{"too long", encodeCursor(strings.Repeat("x", maxCursor)), "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if key, err := decodeCursor(tt.cursor); key != tt.key || (err == nil) != tt.ok {
				t.Errorf("got %q, %v", key, err)
			}
		})
	}
}

// FuzzCursor looks for a text that decodes without being what encoding its key
// gives.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", encodeCursor("mem_1"), encodeCursor("1/rd/"), "AQ", "AQ==", "!", "AW1lbV8x\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		key, err := decodeCursor(cursor)
		switch {
		case err != nil && key != "":
			t.Errorf("refused, and yet %q", key)
		case err == nil && key != "" && encodeCursor(key) != cursor:
			t.Errorf("%q and %q are the same key", cursor, encodeCursor(key))
		case err == nil && !clean(key):
			t.Errorf("%q cannot be looked up", key)
		}
	})
}

// TestPages walks through more than a hundred members and finds each once.
func TestPages(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for i := range 120 {
			must(h.o.Directory.AddMember(t.Context(), console(), h.acme.organization.ID,
				directory.NewMember{Account: fmt.Sprintf("p%03d", i), Name: fmt.Sprintf("Person %03d", i), Password: password}))(t)
		}
		seen := map[string]int{}
		pages := 0
		for path := "/organizations/acme/members?limit=50&q=person"; path != ""; pages++ {
			w := h.as(administrator, "GET", path, "")
			answer := read[page[Member]](t, w, http.StatusOK)
			for _, m := range answer.Items {
				seen[m.Account]++
			}
			path = following(t, w.Header().Get("Link"), answer.Next)
		}
		if pages != 3 || len(seen) != 120 {
			t.Errorf("%d people on %d pages, want 120 on 3", len(seen), pages)
		}
		for account, times := range seen {
			if times != 1 {
				t.Errorf("%s came %d times", account, times)
			}
		}
	})
}

// following is the path of the next page, which body and header agree on.
func following(t *testing.T, link, next string) string {
	t.Helper()
	if next == "" {
		if link != "" {
			t.Errorf("the last page has the link %s", link)
		}
		return ""
	}
	address, found := strings.CutPrefix(link, "<https://id.example:8443"+prefix)
	address, relation, _ := strings.Cut(address, ">")
	if !found || relation != `; rel="next"` || !strings.Contains(address, "cursor="+next) || !strings.Contains(address, "q=person") {
		t.Fatalf("the link is %s, next %s", link, next)
	}
	return address
}

// TestEveryListHasPages walks through each list one thing at a time.
func TestEveryListHasPages(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{
		"/organizations", "/organizations/acme/departments", "/organizations/acme/members", "/events", "/api-tokens",
		"/organizations/acme/app-ids", "/provider/app-ids", "/organizations/acme/expiries", "/organizations/acme/events", "/organizations/acme/traces",
	} {
		t.Run(path, func(t *testing.T) {
			whole := read[page[map[string]any]](t, h.as(providerToken, "GET", path+"?limit=200", ""), http.StatusOK)
			var walked []map[string]any
			for next := "?limit=1"; next != ""; {
				p := read[page[map[string]any]](t, h.as(providerToken, "GET", path+next, ""), http.StatusOK)
				walked = append(walked, p.Items...)
				if next = ""; p.Next != "" {
					next = "?limit=1&cursor=" + p.Next
				}
			}
			if len(whole.Items) == 0 || fmt.Sprint(walked) != fmt.Sprint(whole.Items) {
				t.Errorf("page by page: %v\nat once: %v", walked, whole.Items)
			}
			refused(t, h.as(providerToken, "GET", path+"?cursor="+encodeCursor("zzz_1"), ""), 422, "cursor_malformed")
			refused(t, h.as(providerToken, "GET", path+"?cursor=x", ""), 422, "cursor_malformed")
			for _, limit := range []string{"0", "201", "-1"} {
				refused(t, h.as(providerToken, "GET", path+"?limit="+limit, ""), 422, "field_range")
			}
		})
	}
}
