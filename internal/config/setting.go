package config

import (
	"reflect"
	"strings"
)

// Setting is what a person may know about one setting.
type Setting struct {
	Env     string // name in the environment: ORGATE_OPS_LISTEN
	Key     string // key in the file: ops_listen; "" for the file's own path
	Flag    string // flag without its dashes: ops-listen
	Default string // value that holds when nothing is given, "" if it depends or is none
	Shown   string // the default as the manual prints it, never ""
	Doc     string // what it is, in one or a few sentences
	Secret  bool   // may be file:/path; the value is not shown
}

const prefix = "ORGATE_"

// field is a setting and its place in Config.
type field struct {
	Setting
	index int
}

// fields reads the tags of Config, in their order.
func fields() []field {
	t := reflect.TypeFor[Config]()
	var all []field
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		env := tag.Get("env")
		key := strings.ToLower(strings.TrimPrefix(env, prefix))
		f := field{index: i, Setting: Setting{
			Env: env, Key: key, Flag: strings.ReplaceAll(key, "_", "-"),
			Default: tag.Get("default"), Shown: tag.Get("shown"),
			Doc: tag.Get("doc"), Secret: tag.Get("secret") == "true",
		}}
		if f.Shown == "" {
			f.Shown = f.Default
		}
		if f.Env == envFile {
			f.Key = ""
		}
		all = append(all, f)
	}
	return all
}

// Settings returns every setting in the order of the manual.
func Settings() []Setting {
	var all []Setting
	for _, f := range fields() {
		all = append(all, f.Setting)
	}
	return all
}

// field returns a pointer to the field of c that f describes.
func (c *Config) field(f field) any {
	return reflect.ValueOf(c).Elem().Field(f.index).Addr().Interface()
}

// nearest returns the one of names that a typing mistake may have meant, or "".
func nearest(name string, names []string) string {
	best, least := "", len(name)/3+1
	for _, candidate := range names {
		if d := distance(name, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between two
// names (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
