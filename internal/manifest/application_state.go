package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// namer turns the identifiers that an application holds into the natural keys
// by which a manifest names people, departments and groups. It reads what it
// needs once.
type namer struct {
	ctx         context.Context
	actor       identity.Actor
	house       House
	org         identity.OrganizationID
	departments map[identity.DepartmentID]string
	groups      map[identity.GroupID]string
	accounts    map[identity.MemberID]string
	sources     map[identity.SourceID]string
}

// account returns the account name of a member, "" for one who is gone.
func (n *namer) account(id identity.MemberID) (string, error) {
	if name, ok := n.accounts[id]; ok || id == "" {
		return name, nil
	}
	p, err := n.house.Directory.Member(n.ctx, n.actor, n.org, id)
	if err != nil && !fault.Is(err, fault.CodeMemberNotFound) {
		return "", err
	}
	if n.accounts == nil {
		n.accounts = map[identity.MemberID]string{}
	}
	n.accounts[id] = p.Account.Name
	return p.Account.Name, nil
}

// access writes who may enter; who is gone is left out.
func (n *namer) access(a identity.Access) (w ApplicationAccess, err error) {
	w.Everyone = &a.Everyone
	for _, id := range a.Members {
		name, err := n.account(id)
		if err != nil {
			return w, err
		}
		w.Members = appended(w.Members, name)
	}
	for _, id := range a.Departments {
		w.Departments = appended(w.Departments, n.departments[id])
	}
	if len(a.Groups) > 0 && n.groups == nil {
		if n.groups, err = groupNames(n.ctx, n.actor, n.house, n.org); err != nil {
			return w, err
		}
	}
	for _, id := range a.Groups {
		w.Groups = appended(w.Groups, n.groups[id])
	}
	w.Members, w.Departments, w.Groups = folded(w.Members), folded(w.Departments), folded(w.Groups)
	return w, nil
}

// sourceNames writes sources in their order.
func (n *namer) sourceNames(ids []identity.SourceID) (names []string, err error) {
	if len(ids) > 0 && n.sources == nil {
		if n.sources, err = sourceNames(n.ctx, n.actor, n.house, n.org); err != nil {
			return nil, err
		}
	}
	names = []string{}
	for _, id := range ids {
		names = appended(names, n.sources[id])
	}
	return names, nil
}

// sourceNames returns the names of an organisation's sources by their ids.
func sourceNames(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID) (map[identity.SourceID]string, error) {
	names := map[identity.SourceID]string{}
	all, err := house.Sources.List(ctx, actor, org)
	for _, one := range all {
		names[one.ID] = one.Name
	}
	return names, err
}

func appended(list []string, name string) []string {
	if name == "" {
		return list
	}
	return append(list, name)
}

// eachApplication visits the applications of an organisation, oldest first.
func eachApplication(n *namer, visit func(storedApplication) error) error {
	q := application.Query{Slice: application.Slice{Limit: applicationPage}}
	for {
		page, err := n.house.Applications.Applications(n.ctx, n.actor, n.org, q)
		if err != nil {
			return err
		}
		for _, a := range page {
			q.After = string(a.ID)
			w := applicationAsWritten(a)
			access, err := n.access(a.Access)
			if err != nil {
				return err
			}
			responsible, err := n.account(a.Responsible)
			if err != nil {
				return err
			}
			w.Access, w.Responsible = &access, &responsible
			rules, err := n.house.Policies.Rules(n.ctx, n.actor, n.org, a.ClientID)
			if err != nil {
				return err
			}
			w.AccessControl = controlAsWritten(rules)
			told, err := n.sync(a)
			if err != nil {
				return err
			}
			w.Sync = syncAsWritten(told.Sync)
			if w.Sources, err = n.sourceNames(a.Sources); err != nil {
				return err
			}
			if err := visit(storedApplication{a, w, told}); err != nil {
				return err
			}
		}
		if len(page) < applicationPage {
			return nil
		}
	}
}

// applicationPage is how many applications are read at once.
const applicationPage = 100

// applicationAsWritten leaves out whom the application names.
func applicationAsWritten(a identity.Application) Application {
	status := string(a.Status)
	w := Application{
		Name: a.Name, Protocol: string(a.Protocol), ClientID: a.ClientID, Description: &a.Description,
		Status: &status, HomeURLs: textsOf(a.HomeURLs), ExitURL: &a.ExitURL, AdministratorURL: &a.AdministratorURL,
		Consent: &a.Consent, Claims: []ClaimRule{},
	}
	if a.OAuth != nil {
		w.writeOAuth(*a.OAuth)
	}
	if s := a.CAS; s != nil {
		w.CAS = &CASSettings{textsOf(s.ServicePrefixes), &s.Proxy, &s.SingleLogout, &s.LogoutURL}
	}
	for _, rule := range a.Claims {
		w.Claims = append(w.Claims, ClaimRule{Attribute: rule.Attribute, Claim: rule.Claim})
	}
	return w
}

// writeOAuth fills in what OAuth 2.0 and OpenID Connect add.
func (w *Application) writeOAuth(s identity.OAuthSettings) {
	w.Public, w.BackchannelURL, w.RequirePKCE = &s.Public, &s.BackchannelURL, &s.RequirePKCE
	w.AuthMethods, w.Grants, w.Scopes = textsOf(s.AuthMethods), textsOf(s.Grants), textsOf(s.Scopes)
	w.AccessFormat, w.AccessAlgorithm, w.IDTokenAlgorithm = new(string(s.AccessFormat)), new(string(s.AccessAlgorithm)), new(string(s.IDTokenAlgorithm))
	w.AccessLife, w.RefreshLife, w.IDTokenLife, w.RefreshGrace = &s.AccessLife, &s.RefreshLife, &s.IDTokenLife, &s.RefreshGrace
	w.Audiences, w.Introspectors = textsOf(s.Audiences), textsOf(s.Introspectors)
}

// textsOf writes a list of texts; an empty one is not nil.
func textsOf[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

// freshApplication is what an application is when nothing is said about it but
// its protocol and whether it is public.
func freshApplication(a identity.Application) Application {
	fresh := identity.Application{Status: identity.ApplicationActive}
	if a.CAS != nil {
		fresh.CAS = new(identity.DefaultCAS())
	} else {
		fresh.OAuth = new(identity.DefaultOAuth(a.Protocol, a.OAuth.Public))
	}
	w := applicationAsWritten(fresh)
	w.Responsible = new(string)
	if a.OAuth != nil {
		w.Public = new(bool)
	}
	w.Access, w.Sources = &ApplicationAccess{Everyone: new(bool)}, []string{}
	w.AccessControl, w.Sync = controlAsWritten(identity.AccessRules{}), syncAsWritten(provision.Fresh(a).Sync)
	return w
}

func newApplication(w Application) application.NewApplication {
	return application.NewApplication{
		ClientID: w.ClientID, Secret: w.ClientSecret.Reveal(), Protocol: identity.ProtocolName(w.Protocol),
		Public: or(w.Public, false), Settings: applicationChange(w),
	}
}

// applicationChange leaves out whom the application names.
func applicationChange(w Application) application.ApplicationChange {
	c := application.ApplicationChange{
		Name: &w.Name, Description: w.Description, Status: typed[identity.ApplicationStatus](w.Status), HomeURLs: wanted(w.HomeURLs),
		ExitURL: w.ExitURL, AdministratorURL: w.AdministratorURL, Consent: w.Consent,
		AuthMethods: typedList[identity.AuthMethod](w.AuthMethods), Grants: typedList[identity.GrantType](w.Grants),
		RequirePKCE: w.RequirePKCE, Scopes: wanted(w.Scopes), AccessFormat: typed[identity.TokenFormat](w.AccessFormat),
		AccessAlgorithm: typed[identity.Algorithm](w.AccessAlgorithm), Audiences: wanted(w.Audiences), AccessLife: w.AccessLife, RefreshLife: w.RefreshLife, IDTokenLife: w.IDTokenLife,
		RefreshGrace: w.RefreshGrace, IDTokenAlgorithm: typed[identity.Algorithm](w.IDTokenAlgorithm),
		BackchannelURL: w.BackchannelURL, Introspectors: wanted(w.Introspectors),
	}
	if s := w.CAS; s != nil {
		c.CAS = &application.CASChange{ServicePrefixes: wanted(s.ServicePrefixes), Proxy: s.Proxy, SingleLogout: s.SingleLogout, LogoutURL: s.LogoutURL}
	}
	if w.Claims != nil {
		rules := make([]identity.ClaimRule, len(w.Claims))
		for i, rule := range w.Claims {
			rules[i] = identity.ClaimRule{Attribute: rule.Attribute, Claim: rule.Claim}
		}
		c.Claims = &rules
	}
	return c
}

func typed[T ~string](text *string) *T {
	if text == nil {
		return nil
	}
	return new(T(*text))
}

func typedList[T ~string](texts []string) *[]T {
	if texts == nil {
		return nil
	}
	all := make([]T, len(texts))
	for i, text := range texts {
		all[i] = T(text)
	}
	return &all
}

// wanted is a list that was given, nil for one that was not.
func wanted(texts []string) *[]string { return typedList[string](texts) }
