package audit

import "testing"

func TestEditNamesWhatDiffers(t *testing.T) {
	name, size, open := "Old", 3, true
	same, other, closed := "Old", 4, false
	var e Edit
	Set(&e, "name", &name, &same)
	Set(&e, "name", &name, nil)
	if len(e) != 0 {
		t.Errorf("got %v for what was wanted as it is, want nothing", e)
	}
	Set(&e, "size", &size, &other)
	Set(&e, "open", &open, &closed)
	if size != 4 || open {
		t.Errorf("got %d and %t, want what was wanted: 4 and false", size, open)
	}
	if got, want := e.Details()["fields"], "size,open"; got != want {
		t.Errorf("got fields %q, want %q", got, want)
	}
}
