package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

// sortedRow is what any list shows of a row by which it can be sorted.
type sortedRow struct {
	Name, Account, Status string
	ClientID              string `json:"client_id"`
}

// leafed reads a list two rows at a time.
func (h *house) leafed(actor caller, path string) (rows []sortedRow) {
	h.t.Helper()
	cursor := ""
	for range 99 {
		p := read[page[json.RawMessage]](h.t, h.as(actor, "GET", path+"&limit=2"+cursor, ""), http.StatusOK)
		for _, item := range p.Items {
			var row sortedRow
			if err := json.Unmarshal(item, &row); err != nil {
				h.t.Fatal(err)
			}
			rows = append(rows, row)
		}
		if p.Next == "" {
			return rows
		}
		cursor = "&cursor=" + url.QueryEscape(p.Next)
	}
	h.t.Fatalf("%s has no end", path)
	return nil
}

// Long lists are sorted by the server, however short the pages are, and a cursor
// of another order is refused.
func TestListsAreSorted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, name := range []string{"zoe", "Anna", "mia"} {
			read[Contact](t, h.as(administrator, "POST", "/organizations/acme/contacts", `{"name":"`+name+`"}`), http.StatusCreated)
			read[Organization](t, h.as(providerAdmin, "POST", "/organizations", `{"name":"`+name+`"}`), http.StatusCreated)
			h.as(administrator, "POST", "/organizations/acme/applications", `{"name":"`+name+`","client_id":"c-`+name+`","protocol":"oidc","home_urls":["https://a.example/cb"]}`)
		}
		name := func(r sortedRow) string { return identity.Fold(r.Name) }
		for _, tt := range []struct {
			actor caller
			path  string
			order string
			by    func(sortedRow) string
		}{
			{providerAdmin, "/organizations", "name", name},
			{administrator, "/organizations/acme/contacts", "name", name},
			{administrator, "/organizations/acme/applications", "name", name},
			{administrator, "/organizations/acme/members", "name", name},
			{administrator, "/organizations/acme/members", "account", func(r sortedRow) string { return identity.FoldAccount(r.Account) }},
		} {
			plain, sorted := h.leafed(tt.actor, tt.path+"?sort=created"), h.leafed(tt.actor, tt.path+"?sort="+tt.order)
			if len(plain) < 3 || len(plain) != len(sorted) {
				t.Errorf("%s by %s: got %d rows of %d", tt.path, tt.order, len(sorted), len(plain))
			}
			if !slices.IsSortedFunc(sorted, func(a, b sortedRow) int { return strings.Compare(tt.by(a), tt.by(b)) }) {
				t.Errorf("%s by %s: got %+v", tt.path, tt.order, sorted)
			}
			first := read[page[json.RawMessage]](t, h.as(tt.actor, "GET", tt.path+"?limit=1&sort="+tt.order, ""), http.StatusOK)
			refused(t, h.as(tt.actor, "GET", tt.path+"?limit=1&cursor="+first.Next, ""), 422, "cursor_malformed")
		}
		if rows := h.leafed(administrator, "/organizations/acme/applications?q=C-MIA&status=active&protocol=oidc"); len(rows) != 1 || rows[0].ClientID != "c-mia" {
			t.Errorf("narrowed: got %+v", rows)
		}
		if rows := h.leafed(providerAdmin, "/organizations?status=frozen"); len(rows) != 0 {
			t.Errorf("frozen: got %+v", rows)
		}
	})
}
