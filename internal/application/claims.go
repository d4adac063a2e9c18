package application

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// attributes are what claim rules can release of a member, by our names for
// them. What is empty is not released.
var attributes = []struct {
	name string
	of   func(identity.Subject, store.Portrait) any
}{
	{"user_id", func(s identity.Subject, _ store.Portrait) any { return s.ID }},
	{"name", func(s identity.Subject, _ store.Portrait) any { return s.Name }},
	{"english_name", func(s identity.Subject, _ store.Portrait) any { return s.EnglishName }},
	{"account", func(s identity.Subject, _ store.Portrait) any { return s.LoginName }},
	{"email", func(s identity.Subject, _ store.Portrait) any { return s.Email }},
	{"mobile", func(s identity.Subject, _ store.Portrait) any { return s.Mobile }},
	{"language", func(s identity.Subject, _ store.Portrait) any { return s.Language }},
	{"third_account", func(s identity.Subject, _ store.Portrait) any { return s.ThirdAccount }},
	{"employee_number", func(s identity.Subject, _ store.Portrait) any { return s.EmployeeNumber }},
	{"title", func(s identity.Subject, _ store.Portrait) any { return s.Title }},
	{"picture", func(s identity.Subject, _ store.Portrait) any { return s.Picture }},
	{"sip_number", func(_ identity.Subject, p store.Portrait) any { return p.Member.Number }},
	{"role", func(_ identity.Subject, p store.Portrait) any { return string(p.Member.Role) }},
	{"department", func(s identity.Subject, _ store.Portrait) any { return s.Department }},
	{"groups", func(s identity.Subject, _ store.Portrait) any { return s.Groups }},
	{"organization_code", func(s identity.Subject, _ store.Portrait) any { return s.OrganizationCode }},
	{"organization_name", func(s identity.Subject, _ store.Portrait) any { return s.OrganizationName }},
}

// customAttribute begins the name of an attribute that the organisation made.
const customAttribute = "attribute:"

// Attributes lists what claim rules can release, in the order to show them.
// An organisation's own attribute is "attribute:" with its key.
func Attributes() []string {
	names := make([]string, 0, len(attributes)+1)
	for _, a := range attributes {
		names = append(names, a.name)
	}
	return append(names, customAttribute+"KEY")
}

// checkAttributes refuses rules that release what there is not.
func checkAttributes(rules []identity.ClaimRule) error {
	var faults []*fault.Error
	for _, rule := range rules {
		if !knownAttribute(rule.Attribute) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeClaimAttribute).At("claims").With("attribute", rule.Attribute))
		}
	}
	return fault.All(faults)
}

func knownAttribute(name string) bool {
	if key, custom := strings.CutPrefix(name, customAttribute); custom {
		return key != "" && len(key) <= 64 && identity.CleanText(key)
	}
	for _, a := range attributes {
		if a.name == name {
			return true
		}
	}
	return false
}

// valueOf is an attribute of a member, nil when there is nothing to release.
func valueOf(name string, s identity.Subject, p store.Portrait) any {
	if key, custom := strings.CutPrefix(name, customAttribute); custom {
		return unlessEmpty(p.Member.Attributes[key])
	}
	for _, a := range attributes {
		if a.name == name {
			return unlessEmpty(a.of(s, p))
		}
	}
	return nil
}

func unlessEmpty(value any) any {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil
		}
	case []string:
		if len(v) == 0 {
			return nil
		}
	}
	return value
}

// released is what rules release of a member, nil when it is nothing.
func released(rules []identity.ClaimRule, s identity.Subject, p store.Portrait) map[string]any {
	var extra map[string]any
	for _, rule := range rules {
		if value := valueOf(rule.Attribute, s, p); value != nil {
			if extra == nil {
				extra = make(map[string]any, len(rules))
			}
			extra[rule.Claim] = value
		}
	}
	return extra
}

// Resolved is what a claim rule releases of one member.
type Resolved struct {
	identity.ClaimRule
	Value any // a text or a list of texts; nil when nothing is released
}

// TestClaims tells what claim rules would release of a member, in their order.
// rules are those to be tested before they are saved, nil for the
// application's own. Whoever tests them must be allowed to read people.
func (a *Applications) TestClaims(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, t ClaimTest) (all []Resolved, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return nil, err
	}
	if err := access.Allow(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, func(tx *store.Tx) error {
		app, err := tx.Applications.ByClientID(org, clientID)
		if err != nil {
			return err
		}
		rules := app.Claims
		if t.Rules != nil {
			app.Claims, rules = t.Rules, t.Rules
			if err := app.Validate(); err != nil {
				return err
			}
			if err := checkAttributes(rules); err != nil {
				return err
			}
		}
		p, err := tx.Members.Portrait(org, t.Member)
		if err != nil {
			return err
		}
		all = make([]Resolved, len(rules))
		for i, rule := range rules {
			all[i] = Resolved{rule, valueOf(rule.Attribute, a.subjectOf(p), p)}
		}
		return nil
	})
	return all, err
}

// ClaimTest names whom claim rules are tested on.
type ClaimTest struct {
	Member identity.MemberID
	Rules  []identity.ClaimRule
}
