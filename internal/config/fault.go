package config

import "strings"

// Problem is one thing wrong with one setting.
type Problem struct {
	Setting string // the setting's name in the environment, "" for the file as a whole
	Where   string // where the value came from: "environment", "--listen", "orgate.yaml line 3"
	What    string // what is wrong; it never shows a secret
	Remedy  string // what to do about it
}

// String is one line for the operator.
func (p Problem) String() string {
	line := p.Setting
	switch {
	case line == "":
		line = p.Where
	case p.Where != "":
		line += " (" + p.Where + ")"
	}
	return line + ": " + p.What + "; " + p.Remedy
}

// Problems is the error of Load and Validate: everything wrong at once, in the
// order of the settings.
type Problems []Problem

// Error has one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// orNil keeps an empty list from becoming an error.
func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Warning is something the operator should know that stops nothing.
type Warning struct {
	Setting string // the name it is about
	What    string // a sentence for the log
}

// String is one line for the operator.
func (w Warning) String() string { return w.Setting + ": " + w.What }
