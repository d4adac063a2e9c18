package store

import (
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

// TestSettingsFromBefore reads what was written before applications chose what
// signs their JWT access tokens.
func TestSettingsFromBefore(t *testing.T) {
	var a identity.Application
	if err := readApplicationSettings(`{"oauth":{"auth_methods":[],"grants":[],"scopes":[],"access_format":"jwt"}}`, &a); err != nil {
		t.Fatal(err)
	}
	if a.OAuth.AccessAlgorithm != identity.ES256 {
		t.Errorf("got %q, want ES256", a.OAuth.AccessAlgorithm)
	}
}
