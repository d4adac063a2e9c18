package manifest

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// exportHead tells the reader what is missing.
const exportHead = `# Written by orgate export. Secrets are never exported: passwords and keys stay as they are where this is
# applied to the same installation; elsewhere new ones are made and printed once. Organisations are in the
# order of their making; fields that have their default are left out.
version: 1
`

// Export writes the installation as a manifest, without secrets, in a stable
// order and with only the fields that differ from their default. It reads in
// pages and writes as it goes: what changes meanwhile may be in the result or
// not. The actor has to administer the provider.
func Export(ctx context.Context, actor identity.Actor, house House, w io.Writer) error {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	e := &exporter{ctx: ctx, actor: actor, house: house, out: out}
	e.line(0, "%s", strings.TrimSuffix(exportHead, "\n"))
	if err := e.provider(); err != nil {
		return err
	}
	headed := false
	err := eachOrganization(ctx, actor, house, func(o identity.Organization) error {
		if !headed {
			e.line(0, "organizations:")
			headed = true
		}
		return e.organization(o)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// exporter writes one manifest. A failed write latches in out and is returned
// by its Flush.
type exporter struct {
	ctx   context.Context
	actor identity.Actor
	house House
	out   *bufio.Writer
}

func (e *exporter) line(indent int, format string, args ...any) {
	fmt.Fprintf(e.out, "%s"+format+"\n", append([]any{strings.Repeat("  ", indent)}, args...)...)
}

// list writes the items of a list as they come, each in one line, and the key
// before the first.
type list struct {
	e      *exporter
	indent int
	key    string
	begun  bool
}

func (l *list) add(item any) error {
	if !l.begun {
		l.e.line(l.indent, "%s:", l.key)
		l.begun = true
	}
	text, err := inline(flow(reflect.ValueOf(item)))
	if err != nil {
		return err
	}
	l.e.line(l.indent+1, "- %s", text)
	return nil
}

// fields writes the fields of a struct, one a line, those of a list item with
// its dash before the first. Lists of blocks are written elsewhere.
func (e *exporter) fields(indent int, dash bool, block any) error {
	v := reflect.ValueOf(block)
	for _, row := range fieldsOf(v.Type()) {
		field := v.Field(row.index)
		if !written(field, row) {
			continue
		}
		text, err := inline(node(field))
		if err != nil {
			return err
		}
		if dash {
			e.line(indent-1, "- %s: %s", row.key, text)
			dash = false
			continue
		}
		e.line(indent, "%s: %s", row.key, text)
	}
	return nil
}

func written(v reflect.Value, row field) bool {
	shape := shapeOf(row.typ)
	return shape != secretShape && shape != pictureShape && (shape != blocksShape || row.whole) && given(v)
}

// channels adds the ways by which messages leave, without secrets.
func (e *exporter) channels(p *Provider) error {
	mail, err := e.house.Settings.Mail(e.ctx, e.actor)
	if err != nil {
		return err
	}
	limits, err := e.house.Settings.MessageLimits(e.ctx, e.actor)
	if err != nil {
		return err
	}
	limits.Version = 0
	if limits != (setting.MessageLimits{}) {
		p.MessageLimits = new(withoutDefaults(messageLimitsAsWritten(limits), messageLimitsAsWritten(setting.MessageLimits{})))
	}
	sms, err := e.house.Settings.SMS(e.ctx, e.actor)
	if err != nil {
		return err
	}
	if mail.Version > 0 {
		m := withoutDefaults(mailAsWritten(mail), Mail{Username: new(string)})
		p.Mail = &m
	}
	if sms.Version > 0 {
		s := smsAsWritten(sms)
		if s.HTTP != nil {
			*s.HTTP = withoutDefaults(*s.HTTP, SMSRequest{Body: new(string), Path: new(string), Value: new(string)})
		}
		p.SMS = &s
	}
	return nil
}

func (e *exporter) provider() error {
	name, err := e.house.Settings.Name(e.ctx, e.actor)
	if err != nil {
		return err
	}
	rules, _, err := e.house.Directory.PeopleRules(e.ctx, e.actor)
	if err != nil {
		return err
	}
	zone, err := e.house.Reports.TimeZone(e.ctx, e.actor)
	if err != nil {
		return err
	}
	all, err := e.house.Directory.ProviderAdministrators(e.ctx, e.actor)
	if err != nil {
		return err
	}
	p := Provider{}
	if name != "" {
		p.Name = &name
	}
	if err := e.channels(&p); err != nil {
		return err
	}
	if zone.Version > 0 {
		p.TimeZone = &zone.Name
	}
	if rules != (identity.PeopleRules{}) {
		p.Accounts = new(withoutDefaults(accountsAsWritten(rules), accountsAsWritten(identity.PeopleRules{})))
	}
	e.line(0, "provider:")
	if err := e.fields(1, false, p); err != nil {
		return err
	}
	// The list is written even when it is empty: an empty block is no value.
	administrators := list{e: e, indent: 1, key: "administrators"}
	for _, a := range all {
		if err := administrators.add(withoutDefaults(administratorAsWritten(a), Administrator{Email: new(string), Mobile: new(string)})); err != nil {
			return err
		}
	}
	if !administrators.begun {
		e.line(1, "administrators: []")
	}
	if err := cmp.Or(e.messages(""), e.privacy("")); err != nil {
		return err
	}
	return e.appIDs("", 1)
}

// head is what an organisation is without what belongs to it, but for where its
// people are led.
func (e *exporter) head(o identity.Organization) (written Organization, led []DomainSource, err error) {
	written = withoutDefaults(organizationAsWritten(o), freshOrganization())
	if o.Limits.Granted && written.Limits != nil {
		written.Limits.Members = nil // resources say how many
		if *written.Limits == (Limits{}) {
			written.Limits = nil
		}
	}
	sso, err := e.house.Sources.SSO(e.ctx, e.actor, o.ID)
	if err != nil {
		return written, nil, err
	}
	if sso.Version > 0 {
		written.SSO = new(withoutDefaults(ssoAsWritten(sso.SSO), freshSSO()))
	}
	names, err := sourceNames(e.ctx, e.actor, e.house, o.ID)
	if err != nil {
		return written, nil, err
	}
	if id := o.Rules.DefaultSource; id != "" {
		written.DefaultSource = new(names[id])
	}
	led, err = e.domains(o, names, &written)
	return written, led, err
}

func (e *exporter) organization(o identity.Organization) error {
	written, led, err := e.head(o)
	if err != nil {
		return err
	}
	if err := e.fields(2, true, written); err != nil {
		return err
	}
	if err := e.domainSources(led); err != nil {
		return err
	}
	if err := e.attributes(o.ID); err != nil {
		return err
	}
	codes := map[identity.DepartmentID]string{}
	departments := list{e: e, indent: 2, key: "departments"}
	err = eachDepartment(e.ctx, e.actor, e.house, o.ID, func(d identity.Department) error {
		codes[d.ID] = d.Code
		if d.Root() {
			return nil
		}
		return departments.add(withoutDefaults(departmentAsWritten(d, codes[d.ParentID]), freshDepartment()))
	})
	if err != nil {
		return err
	}
	administered, err := e.house.Directory.Administered(e.ctx, e.actor, o.ID)
	if err != nil {
		return err
	}
	members := list{e: e, indent: 2, key: "members"}
	err = eachMember(e.ctx, e.actor, e.house, o.ID, func(p identity.Person) error {
		return members.add(withoutDefaults(memberAsWritten(p, codes[p.Member.Department], administered[p.Member.ID]), freshMember()))
	})
	if err != nil {
		return err
	}
	own := func(org identity.OrganizationID) error { return e.appIDs(org, 2) }
	for _, write := range []func(identity.OrganizationID) error{e.groups, e.regions, e.messages, e.privacy, e.resources, e.terminals, own, e.sources} {
		if err := write(o.ID); err != nil {
			return err
		}
	}
	return cmp.Or(e.applications(o.ID, codes), e.webhooks(o.ID))
}

func (e *exporter) attributes(org identity.OrganizationID) error {
	definitions, err := e.house.Directory.Attributes(e.ctx, e.actor, org)
	if err != nil {
		return err
	}
	attributes := list{e: e, indent: 2, key: "attributes"}
	for _, a := range definitions {
		if err := attributes.add(withoutDefaults(attributeAsWritten(a), freshAttribute())); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) groups(org identity.OrganizationID) error {
	groups := list{e: e, indent: 2, key: "groups"}
	return eachGroup(e.ctx, e.actor, e.house, org, func(g storedGroup) error {
		if g.Kind == identity.SecurityGroup {
			return nil // a security group is not configured by hand
		}
		return groups.add(withoutDefaults(groupAsWritten(g), freshGroup()))
	})
}

func (e *exporter) applications(org identity.OrganizationID, codes map[identity.DepartmentID]string) error {
	apps := list{e: e, indent: 2, key: "applications"}
	n := &namer{ctx: e.ctx, actor: e.actor, house: e.house, org: org, departments: codes}
	return eachApplication(n, func(a storedApplication) error {
		return apps.add(withoutDefaults(a.written, freshApplication(a.Application)))
	})
}

func (e *exporter) appIDs(owner identity.OrganizationID, indent int) error {
	apps := list{e: e, indent: indent, key: "app_ids"}
	return eachAppID(e.ctx, e.actor, e.house, owner, func(a identity.AppID) error {
		return apps.add(withoutDefaults(appIDAsWritten(a), freshAppID()))
	})
}

// flow is a struct of document.go as a YAML mapping in one line.
func flow(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, row := range fieldsOf(v.Type()) {
		field := v.Field(row.index)
		if written(field, row) {
			n.Content = append(n.Content, text(row.key), node(field))
		}
	}
	return n
}

// node is a field's value in YAML.
func node(v reflect.Value) *yaml.Node {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case string:
		return text(value)
	case time.Duration:
		return text(value.String())
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(value)}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(value)}
	case []int:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, item := range value {
			n.Content = append(n.Content, node(reflect.ValueOf(item)))
		}
		return n
	case []string:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, item := range value {
			n.Content = append(n.Content, text(item))
		}
		return n
	case map[string]string:
		n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			n.Content = append(n.Content, text(key), text(value[key]))
		}
		return n
	default:
		if v.Kind() != reflect.Slice {
			return flow(v)
		}
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for i := range v.Len() {
			n.Content = append(n.Content, flow(v.Index(i)))
		}
		return n
	}
}

// text is a text in YAML; one of several lines is quoted, to stay in its line.
func text(value string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	if strings.ContainsFunc(value, breaksLine) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// breaksLine reports the characters at which YAML or a terminal may begin a new
// line.
func breaksLine(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

// inline writes a node as one line.
func inline(n *yaml.Node) (string, error) {
	raw, err := yaml.Marshal(n)
	return strings.TrimSuffix(string(raw), "\n"), err
}
