package api

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
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
