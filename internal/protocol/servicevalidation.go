package protocol

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// maxServiceTicket bounds a service ticket, in bytes (OrgID: ticket).
const maxServiceTicket = 128

// Validation is a program's question who a service ticket stands for (CAS
// Protocol 3.0.3, 2.5.1; OrgID, serviceValidate).
type Validation struct {
	Service string
	Ticket  string
	Fresh   bool // demands that the person was proven for this very ticket
	Proxied bool // takes proxy tickets, too
}

// String keeps the ticket out of logs.
func (Validation) String() string { return "[redacted]" }

// GoString keeps the ticket out of %#v.
func (Validation) GoString() string { return "[redacted]" }

// Entered is who entered a service.
type Entered struct {
	identity.ServiceEntry
	Subject identity.Subject
	// Granting is by what the application finds the proxy-granting ticket that it
	// was sent, "" for none (PGTIOU).
	Granting string
}

// check refuses what is no question.
func (v Validation) check() error {
	for _, f := range []struct {
		name, value string
		most        int
	}{{"service", v.Service, identity.MaxService}, {"ticket", v.Ticket, maxServiceTicket}} {
		if f.value == "" {
			return fault.New(fault.Invalid, fault.CodeFieldMissing).At(f.name).With("field", f.name)
		}
		if len(f.value) > f.most {
			return fault.New(fault.Invalid, fault.CodeFieldLength).At(f.name).With("min", 1).With("max", f.most)
		}
	}
	return nil
}

// Validate has a service ticket accepted. Whatever comes with a ticket spends it.
// A service or ticket that is missing or too long is Invalid (field_missing,
// field_length), other refusals are those of Entries. The application whose
// service it is comes along with a refusal, where it is known.
func (h Host) Validate(ctx context.Context, v Validation) (Entered, error) {
	var e Entered
	if wrong := v.check(); wrong != nil {
		if len(v.Ticket) > maxServiceTicket {
			return e, wrong
		}
		if _, err := h.Entries.Accept(ctx, identity.ServiceProof{Ticket: v.Ticket}); fault.KindOf(err) == fault.Internal {
			return e, err
		}
		return e, wrong
	}
	a, err := h.Applications.Serving(ctx, v.Service)
	// A service that is nobody's spends the ticket like any other that is wrong.
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return e, err
	}
	e.Application = a
	entry, err := h.Entries.Accept(ctx, identity.ServiceProof{
		Application: a, Service: v.Service, Ticket: v.Ticket, Fresh: v.Fresh, Proxied: v.Proxied,
	})
	if err != nil {
		return e, err
	}
	e.ServiceEntry = entry
	e.Subject, err = h.Subjects.Subject(ctx, entry.Session.MemberID, a)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.Invalid, fault.CodeServiceTicket).Because(err)
	}
	return e, err
}

// Attribute is one thing told of a person. Its value is a text, a list of texts
// or a truth.
type Attribute struct {
	Name  string
	Value any
}

// Attributes are what an application learns of whoever entered, in the order to
// tell it: what the protocol says of the proof (CAS Protocol 3.0.3, 2.5.7), the
// person in the words of OrgID, and what the claim rules release, which may take
// the place of the person's but not of the protocol's.
func (e Entered) Attributes() []Attribute {
	s := e.Subject
	list := []Attribute{
		{"authenticationDate", e.Session.ProvenAt.UTC().Format(time.RFC3339)},
		{"longTermAuthenticationRequestTokenUsed", false},
		{"isFromNewLogin", e.Fresh},
	}
	own := len(list)
	for _, a := range []Attribute{
		{"user_name", s.LoginName},
		{"name", s.Name},
		{"displayName", cmp.Or(s.Name, s.LoginName)},
		{"mobile", masked(s.Mobile)},
		{"uid", s.ID},
	} {
		if a.Value != "" {
			list = append(list, a)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Extra)) {
		at := slices.IndexFunc(list, func(a Attribute) bool { return a.Name == name })
		switch {
		case at < 0:
			list = append(list, Attribute{name, s.Extra[name]})
		case at >= own:
			list[at].Value = s.Extra[name]
		}
	}
	return list
}

// masked shows of a mobile number what its owner knows it by, as OrgID does. The
// whole number is released by a claim rule.
func masked(mobile string) string {
	const head, tail = 6, 4 // +86138 and the last four
	if mobile == "" || len(mobile) < head+tail+1 {
		return ""
	}
	hidden := make([]byte, len(mobile)-head-tail)
	for i := range hidden {
		hidden[i] = '*'
	}
	return mobile[:head] + string(hidden) + mobile[len(mobile)-tail:]
}
