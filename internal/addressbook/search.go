package addressbook

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// search is one query inside a transaction, with what it is about in each of the
// three tables.
type search struct {
	tx        *store.Tx
	org       identity.OrganizationID
	q         Query
	people    store.MemberSearch
	terminals store.TerminalQuery
	devices   store.ActivationQuery
	nowhere   bool // the department is not there
}

func searchIn(tx *store.Tx, org identity.OrganizationID, scope identity.Scope, q Query) (*search, error) {
	s := &search{
		tx: tx, org: org, q: q,
		people:    store.MemberSearch{Text: q.Text, Colleagues: true, Scope: &scope, Sort: store.SortByPlace},
		terminals: store.TerminalQuery{Text: q.Text, Colleagues: true, Scope: &scope},
		devices:   store.ActivationQuery{Text: q.Text, Colleagues: true, Scope: &scope},
	}
	if q.Screens == WithoutScreens {
		s.devices.But = identity.DeviceSmartScreen
	}
	if q.Department == "" {
		return s, nil
	}
	d, err := tx.Departments.ByCode(org, q.Department)
	if fault.Is(err, fault.CodeDepartmentNotFound) {
		// To tell it from one that nobody is seen in would tell that it is there.
		s.nowhere, err = true, nil
	}
	if q.Alone {
		s.people.Department, s.terminals.Department, s.devices.Department = d.ID, d.ID, d.ID
	} else {
		s.people.Branch, s.terminals.Below, s.devices.Below = d.Path, d.Path, d.Path
	}
	return s, err
}

func (s *search) wants(k Kind) bool { return len(s.q.Kinds) == 0 || slices.Contains(s.q.Kinds, k) }

// page reads the part that is asked for out of the three lists, one behind the
// other.
func (s *search) page(actor identity.Actor) (page Page, err error) {
	if s.nowhere {
		return page, nil
	}
	page.Offset = s.q.Offset
	for {
		if err := s.read(actor, &page); err != nil || page.Offset < page.Count || page.Offset == 0 {
			return page, err
		}
		page.Offset = max(page.Count-1, 0) / s.q.Limit * s.q.Limit
	}
}

// read fills a page from its offset on and counts what there is.
func (s *search) read(actor identity.Actor, page *Page) (err error) {
	page.Entries, page.Count = nil, 0
	for _, list := range []struct {
		kind Kind
		read func(actor identity.Actor, offset, limit int) ([]Entry, int, error)
	}{{Person, s.readPeople}, {Terminal, s.readTerminals}, {Device, s.readDevices}} {
		if !s.wants(list.kind) {
			continue
		}
		entries, count, err := list.read(actor, max(page.Offset-page.Count, 0), s.q.Limit-len(page.Entries))
		if err != nil {
			return err
		}
		page.Entries, page.Count = append(page.Entries, entries...), page.Count+count
	}
	return nil
}

// readPeople reads people from an offset on and counts all. Beyond their end
// there is nobody.
func (s *search) readPeople(actor identity.Actor, offset, limit int) (entries []Entry, count int, err error) {
	s.people.Offset, s.people.Limit = offset, max(limit, 1)
	people, count, err := s.tx.Members.Search(s.org, s.people)
	if err != nil || offset >= count || limit == 0 {
		return nil, count, err
	}
	entries, err = entriesOf(s.tx, s.org, actor, people)
	return entries, count, err
}

func (s *search) readTerminals(_ identity.Actor, offset, limit int) (entries []Entry, count int, err error) {
	if count, err = s.tx.Terminals.Count(s.org, s.terminals); err != nil || offset >= count || limit == 0 {
		return nil, count, err
	}
	s.terminals.Offset, s.terminals.Limit = offset, limit
	rows, err := s.tx.Terminals.Page(s.org, s.terminals)
	for _, row := range rows {
		entries = append(entries, terminalEntry(row))
	}
	return entries, count, err
}

func (s *search) readDevices(_ identity.Actor, offset, limit int) (entries []Entry, count int, err error) {
	if count, err = s.tx.ActivationCodes.Count(s.org, s.devices); err != nil || offset >= count || limit == 0 {
		return nil, count, err
	}
	s.devices.Offset, s.devices.Limit = offset, limit
	rows, err := s.tx.ActivationCodes.Page(s.org, s.devices)
	for _, row := range rows {
		entries = append(entries, deviceEntry(row))
	}
	return entries, count, err
}

// entriesOf adds to people where they are placed and under which number they
// meet, by two statements.
func entriesOf(tx *store.Tx, org identity.OrganizationID, actor identity.Actor, people []identity.Person) ([]Entry, error) {
	var departments []identity.DepartmentID
	var members []identity.MemberID
	for _, p := range people {
		members = append(members, p.Member.ID)
		if !slices.Contains(departments, p.Member.Department) {
			departments = append(departments, p.Member.Department)
		}
	}
	places, err := tx.Departments.ByIDs(org, departments)
	if err != nil {
		return nil, err
	}
	rooms, err := tx.MeetingRooms.OwnNumbers(org, members)
	if err != nil {
		return nil, err
	}
	at := make(map[identity.DepartmentID]identity.Department, len(places))
	for _, d := range places {
		at[d.ID] = d
	}
	entries := make([]Entry, 0, len(people))
	for _, p := range people {
		entries = append(entries, Entry{
			Kind: Person, Person: discreet(actor, p), Department: at[p.Member.Department], Room: rooms[p.Member.ID],
		})
	}
	return entries, nil
}

// terminalEntry leaves out what administrators alone know.
func terminalEntry(row store.InDepartment[identity.Terminal]) Entry {
	t := row.Item
	t.Activation, t.Contact, t.Resets = identity.Activation{}, identity.Contact{}, nil
	return Entry{Kind: Terminal, Terminal: t, Department: row.Department}
}

func deviceEntry(row store.InDepartment[identity.ActivationCode]) Entry {
	d := row.Item
	d.Activation, d.Contact = identity.Activation{}, identity.Contact{}
	return Entry{Kind: Device, Device: d, Department: row.Department}
}
