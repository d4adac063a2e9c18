package store

import (
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// Slice is the part of a list that is wanted: after a key, or from an offset
// on. A list of few rows may be read by offset; After costs the same at every
// place.
type Slice struct {
	After         string
	Offset, Limit int
	// Counted asks how many there are in all; an offset beyond the end is that of
	// the last page then.
	Counted bool
}

// The bounds of a page: PageDefault when the caller names none.
const (
	PageDefault = 100
	PageMax     = 1000
)

// PageSize brings a caller's wish into the bounds.
func PageSize(limit int) int {
	if limit <= 0 {
		return PageDefault
	}
	return min(limit, PageMax)
}

// NameOrder asks for a list in the order of the folded names, rather than of the
// making. Names may be shared: AfterName is that of the row Slice.After.
type NameOrder struct {
	ByName    bool
	AfterName string
}

// narrow gathers the conditions of a query. What is compared with is always an
// argument, never part of the statement.
type narrow struct {
	conditions []string
	args       []any
}

// within begins a query of the rows of one organisation, by a column.
func within(column string, org identity.OrganizationID) *narrow {
	n := &narrow{}
	n.and(column+` = `, org)
	return n
}

// arg adds an argument and returns its place.
func (n *narrow) arg(value any) string {
	n.args = append(n.args, value)
	return fmt.Sprintf("$%d", len(n.args))
}

// and adds a condition that ends in an argument.
func (n *narrow) and(condition string, value any) {
	n.conditions = append(n.conditions, condition+n.arg(value))
}

// also adds a condition that is whole.
func (n *narrow) also(condition string) { n.conditions = append(n.conditions, condition) }

// containing adds that one of the columns, which are folded, contains a text.
// "" does not narrow.
func (n *narrow) containing(text string, columns ...string) {
	if text = identity.Fold(text); text == "" {
		return
	}
	place := n.arg(`%` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + `%`)
	either := make([]string, len(columns))
	for i, column := range columns {
		either[i] = column + ` LIKE ` + place + ` ESCAPE '\'`
	}
	n.also(`(` + strings.Join(either, ` OR `) + `)`)
}

// below adds that a department is this one or below it, by the alias of the
// table of departments. "" does not narrow.
func (n *narrow) below(alias, path string) {
	if path == "" {
		return
	}
	n.and(alias+`.path >= `, path)
	n.and(alias+`.path < `, prefixEnd(path))
}

// all is the conditions as one.
func (n *narrow) all() string { return strings.Join(n.conditions, ` AND `) }

// count is the statement that counts.
func (n *narrow) count(from string) (query string, args []any) {
	return `SELECT count(*) FROM ` + from + ` WHERE ` + strings.Join(n.conditions, ` AND `), n.args
}

// page is the statement that reads a slice in the order of a key.
func (n *narrow) page(selecting, key string, s Slice) (query string, args []any) {
	if s.After != "" {
		n.and(key+` > `, s.After)
	}
	return n.ordered(selecting, key, s)
}

// pageBy is page in the order of a column that several rows may share: the key
// decides between them. last is that column in the row After.
func (n *narrow) pageBy(selecting, column, key string, last any, s Slice) (query string, args []any) {
	if s.After != "" {
		value := n.arg(last)
		n.also(`(` + column + ` > ` + value + ` OR ` + column + ` = ` + value + ` AND ` + key + ` > ` + n.arg(s.After) + `)`)
	}
	return n.ordered(selecting, column+`, `+key, s)
}

// pageNamed is page in the order of the making, or of the names of a table, by
// its alias.
func (n *narrow) pageNamed(selecting, alias string, o NameOrder, s Slice) (query string, args []any) {
	if o.ByName {
		return n.pageBy(selecting, alias+`.name_key`, alias+`.id`, o.AfterName, s)
	}
	return n.page(selecting, alias+`.id`, s)
}

// pageBack is page in the reverse order: After is then the key that it comes
// before.
func (n *narrow) pageBack(selecting, key string, s Slice) (query string, args []any) {
	if s.After != "" {
		n.and(key+` < `, s.After)
	}
	return n.ordered(selecting, key+` DESC`, s)
}

func (n *narrow) ordered(selecting, order string, s Slice) (query string, args []any) {
	query = selecting + ` WHERE ` + strings.Join(n.conditions, ` AND `) + ` ORDER BY ` + order + ` LIMIT ` + n.arg(s.Limit)
	if s.Offset > 0 {
		query += ` OFFSET ` + n.arg(s.Offset)
	}
	return query, n.args
}

// counted runs a query that counts.
func (c *conn) counted(n *narrow, from string) (count int, err error) {
	query, args := n.count(from)
	err = c.row(query, args...).scan(&count)
	return count, err
}
