package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// suffix returns the domain of an organisation under which accounts are made,
// in lower case: its own, or one that was added and is not frozen. Faults:
// field_format, domain_not_found, domain_frozen.
func suffix(tx *store.Tx, o identity.Organization, name string) (string, error) {
	if own := strings.ToLower(o.Domain); own != "" && strings.ToLower(strings.TrimSpace(name)) == own {
		return own, nil // also one such as acme, which is no mail domain
	}
	name, err := identity.DomainName(name)
	if err != nil {
		return "", err
	}
	d, err := tx.Domains.Get(o.ID, name)
	if err != nil {
		return "", err
	}
	return d.Name, d.Usable(tx.Now())
}

// suffixed gives the account of somebody new the domain that was chosen for it.
func (n *NewMember) suffixed(tx *store.Tx, o identity.Organization) error {
	if n.Domain == "" {
		return nil
	}
	if n.Account == "" || strings.Contains(n.Account, "@") {
		return fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("domain")
	}
	domain, err := suffix(tx, o, n.Domain)
	n.Account += "@" + domain
	return err
}

// DomainState is how far a domain may be used at the moment.
func (d *Directory) DomainState(domain identity.Domain) identity.DomainState {
	return domain.State(d.now())
}

// checkSuffix refuses an account under a domain of the organisation that is
// frozen. A domain that it never added is no concern of it.
func checkSuffix(tx *store.Tx, o identity.Organization, account string) error {
	name := identity.DomainOf(account)
	if name == "" || name == strings.ToLower(o.Domain) {
		return nil
	}
	d, err := tx.Domains.Get(o.ID, name)
	if fault.Is(err, fault.CodeDomainNotFound) {
		return nil
	}
	if err == nil {
		err = d.Usable(tx.Now())
	}
	return err
}

// frozenDomains are the domains of an organisation under which nobody is given
// an account, each with the fault that tells so.
func frozenDomains(tx *store.Tx, org identity.OrganizationID) (map[string]error, error) {
	all, err := tx.Domains.List(org)
	frozen := map[string]error{}
	for _, d := range all {
		if err := d.Usable(tx.Now()); err != nil {
			frozen[d.Name] = err
		}
	}
	return frozen, err
}

// MaxSwitched is how many members are given another domain at once.
const MaxSwitched = 200

// DomainSwitch gives the accounts of some members another domain.
type DomainSwitch struct {
	Members []identity.MemberID // at most MaxSwitched
	Domain  string
	DryRun  bool // tell what would become of each, and change nothing
}

// Switched is what became of one member, or would.
type Switched struct {
	Member  identity.MemberID
	Before  string // the account name; it signs in no longer
	After   string
	Refusal *fault.Error // why nothing was changed; Before and After may be ""
}

// SwitchDomain gives the managed accounts of active members another domain of
// the organisation (OrgID, B.4.2). Whoever is refused stays as they are, and the
// others go on: each outcome tells. The old name is free at once and signs in no
// longer; password, sessions and tokens stay. Faults: field_range and those of
// the domain (field_format, domain_not_found, domain_frozen); of a member
// member_not_found, forbidden, account_foreign, member_state, account_taken.
func (d *Directory) SwitchDomain(ctx context.Context, actor identity.Actor, org identity.OrganizationID, s DomainSwitch) (all []Switched, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return nil, err
	}
	if n := len(s.Members); n < 1 || n > MaxSwitched {
		return nil, fault.New(fault.Invalid, fault.CodeFieldRange).At("members").With("min", 1).With("max", MaxSwitched)
	}
	members := slices.Compact(slices.Sorted(slices.Values(s.Members)))
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		domain, err := suffix(tx, o, s.Domain)
		if err != nil {
			return fault.Of(err).At("domain")
		}
		tx.NoEvent("a dry run, or nobody has another name")
		w := domainSwitching{tx: tx, actor: actor, org: o, domain: domain, dry: s.DryRun, claimed: map[string]bool{}}
		all = make([]Switched, 0, len(members))
		for _, id := range members {
			one, err := w.member(id)
			if one.Refusal, err = refusal(err); err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	return all, err
}

// domainSwitching is one operation on its way through its transaction. Nothing
// is written for a member before all their rules were asked: a refusal leaves
// nothing behind.
type domainSwitching struct {
	tx      *store.Tx
	actor   identity.Actor
	org     identity.Organization
	domain  string
	dry     bool
	claimed map[string]bool // names that members of this operation are given
}

func (w *domainSwitching) member(id identity.MemberID) (s Switched, err error) {
	s.Member = id
	p, err := w.tx.Members.Get(w.org.ID, id)
	if err != nil {
		return s, err
	}
	if err := mayTouch(w.tx, w.actor, p.Member); err != nil {
		return s, err
	}
	s.Before = p.Account.Name
	s.After = identity.LocalPart(s.Before) + "@" + w.domain
	if s.Before == s.After {
		return s, nil
	}
	if err := w.check(p, s.After); err != nil {
		return s, err
	}
	w.claimed[identity.FoldAccount(s.After)] = true
	if w.dry {
		return s, nil
	}
	p.Account.Name = s.After
	edited, err := memberEdit{person: p, account: true}.store(w.tx)
	if err != nil {
		return s, err
	}
	return s, audit.Record(w.tx, w.actor, audit.MemberDomainSwitched,
		aboutMember(edited, map[string]string{"before": s.Before, "after": s.After}))
}

// check refuses who cannot be given the name.
func (w *domainSwitching) check(p identity.Person, name string) error {
	switch {
	case p.Account.Kind != identity.Managed || p.Account.OrganizationID != w.org.ID:
		return fault.New(fault.Conflict, fault.CodeAccountForeign)
	case p.Member.Standing(w.tx.Now()) != identity.MemberActive:
		return fault.New(fault.Conflict, fault.CodeMemberState)
	}
	if err := identity.ValidAccount(name); err != nil {
		return err
	}
	folded := identity.FoldAccount(name)
	holder, err := w.tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: folded})
	switch {
	case err == nil && holder.ID != p.Account.ID, w.claimed[folded]:
		return fault.New(fault.Conflict, fault.CodeAccountTaken).At("account")
	case err != nil && !fault.Is(err, fault.CodeAccountNotFound):
		return err
	}
	return checkNames(w.tx, p.Account.ID, []identity.LoginName{{Kind: identity.ByAccount, Text: folded}})
}

// frozenAtOnce is how many domains are noted as frozen in one transaction.
const frozenAtOnce = 100

// FreezeDomains notes the domains whose trial has ended without a proof, and
// tells so in the log of their organisations. What is refused under them does not
// wait for it.
func (d *Directory) FreezeDomains(ctx context.Context) error {
	for {
		var ended []identity.Domain
		err := d.db.Update(ctx, func(tx *store.Tx) (err error) {
			tx.NoEvent("no trial has ended")
			if ended, err = tx.Lookup.EndedTrials(tx.Now().Add(-identity.DomainTrial), frozenAtOnce); err != nil {
				return err
			}
			for _, domain := range ended {
				domain.FrozenAt = tx.Now()
				if err := tx.Domains.Put(domain); err != nil {
					return err
				}
				about := audit.About{Organization: domain.OrganizationID, Target: domain.Name}
				if err := audit.Record(tx, identity.Actor{Kind: identity.ActsAsJob, Name: "domain trials"}, audit.DomainFrozen, about); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(ended) < frozenAtOnce {
			return err
		}
	}
}
