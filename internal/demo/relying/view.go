package relying

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// view is what a page of an application shows.
type view struct {
	App      App
	Person   string // the name, "" while nobody is signed in
	Tables   []table
	Renewed  int
	CanRenew bool
	Ended    string
	Trouble  string
	Code     string
	Cause    string
}

// table is one kind of thing that was received.
type table struct {
	Title, Help string
	Rows        []row
}

// row is one claim: its name, its value, and for times what it means.
type row struct{ Name, Value, Means string }

// home shows who is signed in.
func (a *application) home(w http.ResponseWriter, r *http.Request) {
	v := a.current(r)
	if v == nil {
		a.show(w, http.StatusOK, view{})
		return
	}
	a.mu.Lock()
	shown := view{Renewed: v.renewed, Ended: v.ended}
	if v.got != nil {
		a.describe(&shown, v.got)
	}
	a.mu.Unlock()
	a.show(w, http.StatusOK, shown)
}

// describe writes down everything that was received, but for the words that
// give access.
func (a *application) describe(shown *view, got *received) {
	shown.Person, _ = got.userInfo["name"].(string)
	if shown.Person == "" {
		shown.Person = got.subject
	}
	if !a.Plain {
		shown.Tables = append(shown.Tables, table{"ID token", "Signed by the provider: who signed in, when and how.", a.rows(got.proven)})
	}
	shown.Tables = append(shown.Tables, table{"User info", "Asked for with the access token.", a.rows(got.userInfo)})
	form := "opaque"
	if strings.Count(got.token.AccessToken, ".") == 2 {
		form = "JWT"
	}
	answer := map[string]any{"token_type": got.token.Type(), "access_token": form + ", " + fmt.Sprint(len(got.token.AccessToken)) + " characters"}
	if !got.token.Expiry.IsZero() {
		answer["expires_at"] = got.token.Expiry.UTC().Format(time.RFC3339)
	}
	if scope, ok := got.token.Extra("scope").(string); ok {
		answer["scope"] = scope
	}
	shown.CanRenew = got.token.RefreshToken != ""
	if shown.CanRenew {
		answer["refresh_token"] = fmt.Sprint(len(got.token.RefreshToken), " characters")
	}
	shown.Tables = append(shown.Tables, table{"Token answer", "The tokens themselves are kept from the page.", a.rows(answer)})
}

// times are the claims that count seconds since 1970.
var times = []string{"exp", "iat", "nbf", "auth_time", "updated_at"}

func (a *application) rows(claims map[string]any) []row {
	rows := make([]row, 0, len(claims))
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		one := row{Name: name, Value: text(claims[name])}
		if seconds, ok := claims[name].(float64); ok && slices.Contains(times, name) {
			one.Value = fmt.Sprintf("%.0f", seconds)
			one.Means = time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339)
		}
		rows = append(rows, one)
	}
	return rows
}

// text writes a value of JSON as a person reads it.
func text(value any) string {
	if plain, ok := value.(string); ok {
		return plain
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}

func (a *application) show(w http.ResponseWriter, status int, v view) {
	v.App = a.App
	name := "home.html"
	if v.Trouble != "" {
		name = "trouble.html"
	}
	a.site.pages.Show(w, status, name, v)
}

// fail shows why a sign-in came to nothing. The cause is of the libraries and
// the provider: whoever tries the demonstration wants to read it.
func (a *application) fail(w http.ResponseWriter, trouble string, cause error) {
	a.show(w, http.StatusBadGateway, view{Trouble: trouble, Cause: cause.Error()})
}
