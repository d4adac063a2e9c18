package identity

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

const goodAppID = "0123456789abcdef0123456789abcdef"

// Meeting API, 4.2, rule 7: the key before lives a month more.
func TestResetKey(t *testing.T) {
	a := AppID{Keys: []AppKey{{Secret: "first", CreatedAt: moment}}}
	live := func(now time.Time) string {
		var names []string
		for _, k := range a.LiveKeys(now) {
			names = append(names, k.Secret)
		}
		return strings.Join(names, " ")
	}
	a.ResetKey("second", moment)
	month := moment.Add(30 * 24 * time.Hour)
	for _, row := range []struct {
		now  time.Time
		want string
	}{{moment, "second first"}, {month.Add(-time.Millisecond), "second first"}, {month, "second"}} {
		if got := live(row.now); got != row.want {
			t.Errorf("%s: got %s, want %s", row.now, got, row.want)
		}
	}
	a.ResetKey("third", moment.Add(time.Hour))
	if got := live(moment.Add(time.Hour)); got != "third second" || len(a.Keys) != 2 {
		t.Errorf("a second reset within the month: got %s", got)
	}
	var none AppID
	none.ResetKey("only", moment)
	if len(none.Keys) != 1 || none.Keys[0].Secret != "only" || !none.Keys[0].EndsAt.IsZero() {
		t.Errorf("got %d keys", len(none.Keys))
	}
}

func TestAppIDValidate(t *testing.T) {
	key := strings.Repeat("k", 32)
	for _, row := range []struct {
		name   string
		change func(*AppID)
		code   fault.Code
	}{
		{"good", func(*AppID) {}, ""},
		{"without keys", func(a *AppID) { a.Keys = nil }, ""},
		{"longest", func(a *AppID) {
			a.Name, a.Description, a.Keys[0].Secret = strings.Repeat("名", 64), strings.Repeat("d", 255), strings.Repeat("~", 128)
		}, ""},
		{"id in capitals", func(a *AppID) { a.ID = strings.ToUpper(goodAppID) }, fault.CodeAppIDFormat},
		{"id too short", func(a *AppID) { a.ID = goodAppID[1:] }, fault.CodeAppIDFormat},
		{"id with a line feed", func(a *AppID) { a.ID = goodAppID + "\n" }, fault.CodeAppIDFormat},
		{"no name", func(a *AppID) { a.Name = "" }, fault.CodeFieldLength},
		{"name too long", func(a *AppID) { a.Name = strings.Repeat("n", 65) }, fault.CodeFieldLength},
		{"name with NUL", func(a *AppID) { a.Name = "a\x00" }, fault.CodeMalformed},
		{"description too long", func(a *AppID) { a.Description = strings.Repeat("n", 256) }, fault.CodeFieldLength},
		{"description with NUL", func(a *AppID) { a.Description = "a\x00" }, fault.CodeMalformed},
		{"key too short", func(a *AppID) { a.Keys[0].Secret = key[1:] }, fault.CodeAppKeyFormat},
		{"key too long", func(a *AppID) { a.Keys[0].Secret = strings.Repeat("k", 129) }, fault.CodeAppKeyFormat},
		{"key with a blank", func(a *AppID) { a.Keys[0].Secret = key + " " }, fault.CodeAppKeyFormat},
		{"key with an umlaut", func(a *AppID) { a.Keys[0].Secret = key + "ä" }, fault.CodeAppKeyFormat},
	} {
		a := AppID{ID: goodAppID, Name: "App", Keys: []AppKey{{Secret: key}}}
		row.change(&a)
		err := a.Validate()
		wants(t, row.name, err, row.code)
		if err != nil && len(a.Keys) > 0 && strings.Contains(err.Error(), a.Keys[0].Secret) {
			t.Errorf("%s: the fault tells the key", row.name)
		}
	}
}

func TestAppIDStates(t *testing.T) {
	if !(AppID{}).OfProvider() || (AppID{OrganizationID: "org_1"}).OfProvider() {
		t.Error("an App ID without an organisation is the provider's")
	}
	if (AppID{}).Active() || (AppID{Status: AppIDDisabled}).Active() || !(AppID{Status: AppIDActive}).Active() {
		t.Error("only the active state is active")
	}
	k := AppKey{Secret: "secret-of-theirs"}
	a := AppID{Keys: []AppKey{k}}
	if text := fmt.Sprintf("%v %+v %#v %s %v %+v %#v", k, k, k, k.LogValue(), a, a, a); strings.Contains(text, "theirs") {
		t.Errorf("printed: %s", text)
	}
}

func TestAccessTokenLife(t *testing.T) {
	k := AccessToken{ExpiresAt: moment, RefreshEndsAt: moment.Add(time.Hour)}
	ended := k
	ended.EndedAt = moment.Add(-time.Minute)
	for _, row := range []struct {
		name              string
		k                 AccessToken
		now               time.Time
		live, refreshable bool
	}{
		{"before", k, moment.Add(-time.Millisecond), true, true},
		{"at the end", k, moment, false, true},
		{"just refreshable", k, moment.Add(time.Hour - 1), false, true},
		{"after all", k, moment.Add(time.Hour), false, false},
		{"ended", ended, moment.Add(-time.Second), false, false},
	} {
		if live, refreshable := row.k.Live(row.now), row.k.Refreshable(row.now); live != row.live || refreshable != row.refreshable {
			t.Errorf("%s: got %v, %v", row.name, live, refreshable)
		}
	}
	for client, want := range map[ClientType]int{ClientAPI: 64, ClientWeb: 1, ClientPC: 1, ClientMobile: 1, 17: 1, -1: 1} {
		if got := client.Cap(); got != want {
			t.Errorf("client type %d: got %d, want %d", client, got, want)
		}
	}
}

func TestAPITokenLife(t *testing.T) {
	for _, row := range []struct {
		name string
		k    APIToken
		want bool
	}{
		{"without an end", APIToken{}, true},
		{"before", APIToken{ExpiresAt: moment.Add(1)}, true},
		{"at the end", APIToken{ExpiresAt: moment}, false},
		{"revoked", APIToken{RevokedAt: moment.Add(-1)}, false},
	} {
		if got := row.k.Live(moment); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}
