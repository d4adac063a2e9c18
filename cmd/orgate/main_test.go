package main

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/orgate/orgate/internal/config"
)

// try runs a command line without surroundings.
func try(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(&world{ctx: t.Context(), out: &o, errs: &e}, args)
	return status, o.String(), e.String()
}

// The flags of the settings are written by hand for the help; what they are
// called is config's word.
func TestFlagsAreTheSettings(t *testing.T) {
	parser, err := kong.New(&struct {
		settings `embed:""`
	}{})
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, f := range parser.Model.Flags {
		if f.Name != "help" {
			got = append(got, f.Name)
		}
	}
	for _, s := range config.Settings() {
		want = append(want, s.Flag)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got flags %v, want %v", got, want)
	}
}

// Each flag reaches config under its own name.
func TestFlagsReachTheSettings(t *testing.T) {
	var s settings
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString(v.Type().Field(i).Name)
	}
	given := s.flags()
	for _, setting := range config.Settings() {
		if setting.Flag == "config" {
			continue // the file is named apart from what stands in it
		}
		field := strings.ReplaceAll(given[setting.Flag], "_", "")
		if !strings.EqualFold(field, strings.ReplaceAll(setting.Flag, "-", "")) {
			t.Errorf("--%s carries the field %q", setting.Flag, field)
		}
	}
}

func TestExitStatus(t *testing.T) {
	for _, row := range []struct {
		args   []string
		status int
		errs   string // how standard error begins
	}{
		{nil, exitDone, ""},
		{[]string{"--help"}, exitDone, ""},
		{[]string{"sign", "--help"}, exitDone, ""},
		{[]string{"version"}, exitDone, ""},
		{[]string{"manifest", "schema"}, exitDone, ""},
		{[]string{"nonsense"}, exitUsage, "orgate: "},
		{[]string{"sign"}, exitUsage, "orgate: "},
		{[]string{"sign", "--app-id", "a", "--app-key", "k", "--expire", "soon"}, exitUsage, "orgate: --expire"},
		{[]string{"sign", "--app-id", "a", "--app-key", "env:NO_SUCH"}, exitUsage, "orgate: the environment has no NO_SUCH"},
		{[]string{"plan", "-f", "x.yaml", "--server", "https://id.example.com"}, exitUsage, "orgate: --server needs --token"},
		{[]string{"serve", "--listen", "0.0.0.0:80"}, exitFailed, "orgate: "},
	} {
		status, _, errs := try(t, row.args...)
		if status != row.status || !strings.HasPrefix(errs, row.errs) || row.errs == "" && errs != "" {
			t.Errorf("orgate %v: got %d, %q, want %d, %q…", row.args, status, errs, row.status, row.errs)
		}
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(false) {
		status, out, _ := try(t, append(strings.Fields(leaf.Path()), "--help")...)
		if status != exitDone || !strings.Contains(out, "Example") {
			t.Errorf("%s --help: got %d and no example", leaf.Path(), status)
		}
	}
}
