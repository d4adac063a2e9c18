package manifest

import (
	"regexp"
	"sync"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// checker looks for what no single key shows: duplicates, values an object may
// not have, keys that contradict each other. It also brings values into the
// form in which they are stored, so that a plan compares like with like.
type checker struct {
	problems *problems
	nodes    []map[Position]*yaml.Node

	organizations, accounts, appIDs, ssoDomains, clientIDs taken
}

// taken remembers where a natural key was given first.
type taken map[string]Position

// free notes a key and reports a problem when it was given before.
func (c *checker) free(seen taken, natural string, at Position, key string) {
	if first, ok := seen[natural]; ok {
		c.wrong(at, key, "is given twice; the first is in %s line %d", first.File, first.Line)
		return
	}
	seen[natural] = at
}

// wrong reports a problem at the value of a key in the block at a position, or
// at the block where the key is not written. A needed key that is missing has
// been reported by the decoder.
func (c *checker) wrong(at Position, key, format string, args ...any) {
	for _, nodes := range c.nodes {
		n, ok := nodes[at]
		if !ok {
			continue
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				at.Line, at.Column, at.Path = n.Content[i+1].Line, n.Content[i+1].Column, join(at.Path, key)
				c.problems.add(at, format, args...)
				return
			}
		}
	}
	at.Path = join(at.Path, key)
	if !c.problems.has(at) {
		c.problems.add(at, format, args...)
	}
}

// rule reports the faults of a validation at the keys they name.
func (c *checker) rule(at Position, err error) {
	if err == nil {
		return
	}
	first := fault.Of(err)
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		c.wrong(at, f.Field, "%s", c.problems.sentence(f))
	}
}

func (c *checker) document(d *Document) {
	c.organizations, c.accounts, c.appIDs, c.ssoDomains, c.clientIDs = taken{}, taken{}, taken{}, taken{}, taken{}
	if d.Provider != nil {
		c.provider(d.Provider)
	}
	for i := range d.Organizations {
		o := &d.Organizations[i]
		if o.Code == "" || o.At.Line == 0 {
			continue // the decoder has said so
		}
		c.free(c.organizations, identity.Fold(o.Code), o.At, "code")
		c.organization(o)
	}
}

func (c *checker) provider(p *Provider) {
	if p.Name != nil {
		c.length(p.At, "name", *p.Name, 1, 64)
	}
	for i := range p.Administrators {
		a := &p.Administrators[i]
		c.account(a.Account, a.At)
		c.length(a.At, "name", a.Name, 1, 64)
		c.contacts(a.At, a.Email, a.Mobile)
	}
	for i := range p.AppIDs {
		c.appID(&p.AppIDs[i])
	}
	c.messages(p.Messages, "")
	c.privacy(p.Privacy)
	if p.SMS != nil && p.SMS.HTTP != nil {
		c.smsRequest(p.SMS.HTTP)
	}
}

func (c *checker) length(at Position, key, text string, low, high int) {
	if n := utf8.RuneCountInString(text); n < low || n > high {
		c.rule(at, fault.New(fault.Invalid, fault.CodeFieldLength).At(key).With("min", low).With("max", high))
	}
}

// account checks an account name; they are unique in the whole system.
func (c *checker) account(name string, at Position) {
	if name == "" {
		return
	}
	c.rule(at, identity.ValidAccount(name))
	c.free(c.accounts, identity.FoldAccount(name), at, "account")
}

// contacts checks mail address and mobile number and normalises them.
func (c *checker) contacts(at Position, email, mobile *string) {
	if email != nil {
		address, err := identity.Email(*email)
		c.rule(at, err)
		*email = address
	}
	if mobile != nil {
		// Without a calling code to assume: the number has to carry its own.
		number, err := identity.Mobile(*mobile, "")
		c.rule(at, err)
		*mobile = number
	}
}

func (c *checker) organization(o *Organization) {
	c.rule(o.At, identity.Organization{Code: o.Code, Name: o.Name}.Validate())
	c.domains(o)
	c.domainSources(o.DomainSources)
	if o.Profile != nil {
		for _, t := range []struct {
			key  string
			text *string
			high int
		}{
			{"address", o.Profile.Address, 255},
			{"phone", o.Profile.Phone, 32},
			{"email", o.Profile.Email, 255},
			{"country", o.Profile.Country, 255},
			{"description", o.Profile.Description, 255},
			{"language", o.Profile.Language, 35},
		} {
			if t.text != nil {
				c.length(o.At, "profile", *t.text, 0, t.high)
			}
		}
	}
	departments := taken{}
	for i := range o.Departments {
		c.department(departments, &o.Departments[i])
	}
	c.attributes(o.Attributes)
	c.groups(o.Groups)
	c.regions(o.Regions)
	c.messages(o.Messages, identity.OrganizationID(o.Code))
	c.privacy(o.Privacy)
	c.resources(o.Resources)
	c.terminals(o.Terminals)
	third, owner := taken{}, taken{}
	for i := range o.Members {
		m := &o.Members[i]
		c.member(m)
		if m.ThirdAccount != nil && *m.ThirdAccount != "" {
			c.free(third, *m.ThirdAccount, m.At, "third_account")
		}
		if m.Role != nil && *m.Role == string(identity.RoleOwner) {
			c.free(owner, "owner", m.At, "role")
		}
	}
	for i := range o.AppIDs {
		c.appID(&o.AppIDs[i])
	}
	sources := taken{}
	for i := range o.Sources {
		c.source(sources, &o.Sources[i])
	}
	for i := range o.Applications {
		c.application(&o.Applications[i])
	}
	c.webhooks(o)
	if o.SSO != nil {
		c.sso(o.SSO)
	}
}

// sso brings the domain into the form in which it is stored. The other values
// are looked at when they are compared with what is stored.
func (c *checker) sso(s *SSO) {
	if s.Domain == nil || *s.Domain == "" {
		return
	}
	domain, err := source.NormalDomain(*s.Domain)
	if err != nil {
		c.rule(s.At, err)
		return
	}
	*s.Domain = domain
	c.free(c.ssoDomains, domain, s.At, "domain")
}

var domainPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`) })

func (c *checker) department(seen taken, d *Department) {
	if d.Code == "" {
		return
	}
	if d.Parent != nil && *d.Parent == "" {
		*d.Parent = identity.RootDepartmentCode
	}
	if d.Code == identity.RootDepartmentCode {
		c.wrong(d.At, "code", "the topmost department is not listed; it bears the organisation's name")
		return
	}
	c.free(seen, identity.Fold(d.Code), d.At, "code")
	if d.Designated != nil {
		d.Designated = folded(d.Designated)
	}
	c.rule(d.At, identity.Department{
		Code: d.Code, Name: d.Name, SortLevel: or(d.SortLevel, 1), Note: or(d.Note, ""), Visibility: visibilityWanted(*d),
	}.Validate())
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

func (c *checker) member(m *Member) {
	c.account(m.Account, m.At)
	c.contacts(m.At, m.Email, m.Mobile)
	if m.Country != nil && *m.Country == "" {
		*m.Country = directory.DefaultCountry
	}
	if m.Department != nil && *m.Department == "" {
		*m.Department = identity.RootDepartmentCode
	}
	c.rule(m.At, identity.Member{
		Name: m.Name, EnglishName: or(m.EnglishName, ""), ThirdAccount: or(m.ThirdAccount, ""), Title: or(m.Title, ""),
		Signature: or(m.Signature, ""), Description: or(m.Description, ""), SortLevel: or(m.SortLevel, 1),
	}.Validate())
	c.length(m.At, "country", or(m.Country, ""), 0, 255)
	if or(m.Role, "") == string(identity.RoleOwner) && or(m.Status, "") == string(identity.MemberDisabled) {
		c.wrong(m.At, "status", "the owner cannot be disabled")
	}
	if m.Administers != nil {
		m.Administers = folded(m.Administers)
	}
	switch head := or(m.Role, "") == string(identity.RoleDepartmentAdministrator); {
	case head && m.Administers != nil && len(m.Administers) == 0:
		c.wrong(m.At, "administers", "a department_administrator needs the codes of the departments here")
	case !head && len(m.Administers) > 0:
		c.wrong(m.At, "administers", "only a department_administrator administers departments; set the role too")
	case len(m.Administers) > directory.MaxAdministered:
		c.wrong(m.At, "administers", "should be at most 50 departments")
	}
	c.values(m)
}

func (c *checker) values(m *Member) {
	if len(m.Attributes) > 50 {
		c.wrong(m.At, "attributes", "should be at most 50 attributes")
	}
	for key, value := range m.Attributes {
		c.length(m.At, "attributes", key, 1, 64)
		c.length(m.At, "attributes", value, 0, 1024)
	}
}

func (c *checker) appID(a *AppID) {
	app := identity.AppID{ID: a.ID, Name: a.Name, Description: or(a.Description, "")}
	if a.Key.Given() {
		app.Keys = []identity.AppKey{{Secret: a.Key.Reveal()}}
	}
	c.rule(a.At, app.Validate())
	c.free(c.appIDs, a.ID, a.At, "app_id")
	if a.MaxAhead != nil && (*a.MaxAhead < time.Minute || *a.MaxAhead > 366*24*time.Hour) {
		c.wrong(a.At, "max_ahead", "should be a time from 1m to 8784h")
	}
}
