package source

import (
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

func TestExitAddress(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"https://centre.example/logout", true},
		{"https://centre.example/logout?to={return_url}&x=1", true},
		{"http://10.0.0.7/bye", true},
		{"https://centre.example/{return_url}", false},
		{"{return_url}", false},
		{"https://{return_url}?x", false},
		{"https://centre.example/?a={return_url}&b={return_url}", false},
		{"https://centre.example/?a={other}", false},
		{"https://a:b@centre.example/", false},
		{"javascript:alert(1)?{return_url}", false},
		{"/bye", false},
	}
	for _, tt := range tests {
		if got := isExitAddress(tt.text); got != tt.want {
			t.Errorf("isExitAddress(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestNoExitWithoutASource(t *testing.T) {
	h := newHouse(t, houseOptions{})
	for _, id := range []identity.SourceID{"", "src_x"} {
		if got, err := h.Exit(t.Context(), id, "/logout"); got != "" || err != nil {
			t.Errorf("%q: got %q, %v", id, got, err)
		}
	}
}
