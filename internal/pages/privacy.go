package pages

import (
	"strings"
	"time"
)

// Privacy shows the privacy statement. Where it has to be accepted it posts
// answer, which is "accept" or "decline", with the version as version and whose
// it is as statement.
type Privacy struct {
	Form         Hidden
	Organization string // whose members are asked, "" for the installation
	Title        string
	Body         string // see Blocks
	Language     string // of title and body
	Version      string
	Statement    string
	Published    time.Time
	Due          bool
	Accepted     time.Time // where it was accepted
	Back         string
}

func (Privacy) name() string { return "privacy" }

// Block is a part of a text: a heading, a paragraph or a list.
type Block struct {
	Heading string
	Lines   []string // of a paragraph
	Points  []string // of a list
}

// Blocks divides the body: lines that begin with "# " are headings, lines that
// begin with "- " are points, all others are paragraphs with empty lines in
// between. Nothing in it is markup of HTML.
func (p Privacy) Blocks() (all []Block) {
	open := false // the last block takes further lines
	for line := range strings.SplitSeq(strings.ReplaceAll(p.Body, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "# ")
		point, isPoint := strings.CutPrefix(line, "- ")
		switch {
		case line == "":
			open = false
			continue
		case isHeading:
			all = append(all, Block{Heading: heading})
			open = false
			continue
		}
		if !open || isPoint != (all[len(all)-1].Points != nil) {
			all = append(all, Block{})
		}
		open = true
		last := &all[len(all)-1]
		if isPoint {
			last.Points = append(last.Points, point)
		} else {
			last.Lines = append(last.Lines, line)
		}
	}
	return all
}
