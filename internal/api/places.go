package api

import (
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// place is where a page goes on in a list whose order is of something that
// several rows may share: that of the last row, and its identifier.
type place struct{ value, id string }

// placed is the key of a row in such an order, by the name of the order. An
// identifier has no blank.
func placed(order, id, value string) string { return order + ":" + id + " " + value }

// place is where the page goes on: in the order of the making, which is named
// "created", after an identifier with a prefix; in another order after what
// placed made. The cursor of another order is refused.
func (p Paging) place(order, prefix string) (at place, err error) {
	if order != "created" {
		prefix = order + ":" + prefix
	}
	key, err := p.after(prefix)
	if err != nil || key == "" {
		return at, err
	}
	if order == "created" {
		return place{id: key}, nil
	}
	id, value, ok := strings.Cut(strings.TrimPrefix(key, order+":"), " ")
	if !ok {
		return at, fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return place{value: value, id: id}, nil
}

// Named is embedded by lists of what has a name.
type Named struct {
	Paging
	Sort string `query:"sort" enum:"created,name" default:"created" doc:"The order: of making, or of names."`
}

// part is the part of the list that is wanted; prefix is how its identifiers
// begin.
func (in Named) part(prefix string) (directory.NameOrder, directory.Slice, error) {
	at, err := in.place(in.Sort, prefix)
	return directory.NameOrder{ByName: in.Sort == "name", AfterName: at.value}, directory.Slice{After: at.id, Limit: in.Limit + 1}, err
}

// key is what a page in the wanted order goes on after.
func (in Named) key(id, name string) string {
	if in.Sort == "created" {
		return id
	}
	return placed(in.Sort, id, identity.Fold(name))
}
