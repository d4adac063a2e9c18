package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

const envFile = prefix + "CONFIG"

// Load reads the settings of the file, the environment and the flags, the
// later before the earlier. environ is in the form of os.Environ; file may be
// "", then the flag config or ORGATE_CONFIG names it; flags are by name without
// dashes. An empty value counts as not given. The error, if any, is Problems
// and holds everything that is wrong; the warnings are true even then.
func Load(environ []string, file string, flags map[string]string) (Config, []Warning, error) {
	env, warnings := readEnviron(environ)
	problems := unknownFlags(flags)
	if file == "" {
		file = first(flags["config"], env[envFile])
	}
	var inFile map[string]given
	if file != "" {
		var found Problems
		inFile, found = readFile(file)
		problems = append(problems, found...)
	}
	c := Default()
	origin := map[string]string{}
	for _, f := range fields() {
		value := choose(f, inFile, env, flags)
		if value.text == "" {
			continue
		}
		origin[f.Env] = value.where
		if err := set(&c, f, value.text); err != nil {
			p := explain(f, err)
			p.Where = value.where
			problems = append(problems, p)
		}
	}
	c.File = file
	for _, p := range c.check(problems.names()) {
		p.Where = origin[p.Setting]
		problems = append(problems, p)
	}
	if c.BaseURL == nil && !strings.HasSuffix(c.Listen, ":0") {
		c.BaseURL = originOf(c.TLS(), c.Listen)
	}
	return c, append(warnings, c.warnings()...), problems.orNil()
}

// readEnviron returns our names with their values, and a warning for each name
// that looks like ours: orchestrators inject such, so it is no error.
func readEnviron(environ []string) (map[string]string, []Warning) {
	var names []string
	for _, f := range fields() {
		names = append(names, f.Env)
	}
	values := map[string]string{}
	var warnings []Warning
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		switch {
		case !strings.HasPrefix(name, prefix):
		case slices.Contains(names, name):
			values[name] = value
		default:
			what := "no such setting; it is ignored"
			if near := nearest(name, names); near != "" {
				what += " (did you mean " + near + "?)"
			}
			warnings = append(warnings, Warning{Setting: name, What: what})
		}
	}
	return values, warnings
}

func unknownFlags(flags map[string]string) Problems {
	var problems Problems
	for name := range flags {
		if !slices.ContainsFunc(fields(), func(f field) bool { return f.Flag == name }) {
			problems = append(problems, Problem{Where: "--" + name, What: "there is no such flag", Remedy: "see orgate serve --help"})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Where, b.Where) })
	return problems
}

// choose returns the value that counts for a setting.
func choose(f field, file map[string]given, env, flags map[string]string) given {
	if text := flags[f.Flag]; text != "" {
		return given{text, "--" + f.Flag}
	}
	if text := env[f.Env]; text != "" {
		return given{text, "environment"}
	}
	return file[f.Key]
}

// set parses text into its field; a secret may lie in a file.
func set(c *Config, f field, text string) error {
	// Each of several sealing keys may lie in its own file: ParseKeys reads them.
	if _, several := c.field(f).(*Keys); f.Secret && !several {
		var err error
		if text, err = fromFile(text); err != nil {
			return &valueError{err.Error(), "name a file that can be read and is not empty"}
		}
	}
	if f.Env == "ORGATE_OPS_LISTEN" && text == "off" {
		c.OpsListen = ""
		return nil
	}
	return assign(c.field(f), text)
}

// valueError is a value that does not parse, and what to write instead.
type valueError struct{ what, remedy string }

func (e *valueError) Error() string { return e.what }

func explain(f field, err error) Problem {
	p := Problem{Setting: f.Env, What: err.Error(), Remedy: "see " + f.Env + " in docs/configuration.md"}
	var value *valueError
	if errors.As(err, &value) {
		p.Remedy = value.remedy
	}
	return p
}

// names returns the settings that have a problem.
func (p Problems) names() map[string]bool {
	names := map[string]bool{}
	for _, problem := range p {
		names[problem.Setting] = true
	}
	return names
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// split takes a list apart at commas; blanks around an item and empty items do
// not count.
func split(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// refuse makes a valueError.
func refuse(remedy, what string, args ...any) error {
	return &valueError{fmt.Sprintf(what, args...), remedy}
}
