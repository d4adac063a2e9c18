package source

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// tryLife is how long a passed try opens saving, and a report can be read.
const tryLife = 24 * time.Hour

// TryRequest is what is tried.
type TryRequest struct {
	// SSO are the settings. A blank secret stands for that of the try SecretOf or
	// else the stored one, which are used only while the addresses they are sent
	// to are the same. Enabled, Domain, Schemes and AutoCreate are not tried, but
	// kept with the try for those who go on from its report.
	SSO SSO
	// SecretOf names an earlier try, "" for none.
	SecretOf identity.TryID
	// Flow binds the round trip to a browser, as in Attempt; "" binds it to
	// none.
	Flow string
}

// Try is a try that was begun.
type Try struct {
	ID identity.TryID
	// URL is where the administrator's browser goes; "" when the try failed
	// already, before a browser was needed.
	URL   string
	State TryState
}

// TryState is how far a try came.
type TryState string

// The states of a try.
const (
	TryWaiting TryState = "waiting" // for the browser to come back
	TryPassed  TryState = "passed"
	TryFailed  TryState = "failed"
)

// StartTry begins a round trip with settings that are not saved. It looks
// itself at what can be seen without a person, names, connections,
// certificates and the authorisation page, and then sends the browser on the
// way of a real sign-in. Its faults are those of SetSSO while enabled, but for
// the domain's; nothing is saved but the try.
func (s *Sources) StartTry(ctx context.Context, actor identity.Actor, org identity.OrganizationID, r TryRequest) (Try, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return Try{}, err
	}
	found, err := s.candidate(ctx, org, r)
	if err != nil {
		return Try{}, err
	}
	story := s.story(identity.Origin{})
	p := probe{centre: centre{o: found.SSO.OAuth2, tools: s.tools}, dialer: s.options.Dialer, callback: s.Callback(org), story: story}
	row := store.Try{
		OrganizationID: org, SourceID: found.Source.ID, StartedBy: string(actor.AccountID), Settings: found.Source.Settings,
		Digest: digest(found.SSO.OAuth2), State: store.TryWaiting,
	}
	if !p.run(ctx) {
		row.State = store.TryFailed
	}
	if row.Report, err = json.Marshal(storedReport{Steps: stepsOf(story)}); err != nil {
		return Try{}, err
	}
	return s.addTry(ctx, actor, found, row, AttemptOptions{Flow: r.Flow})
}

func (s *Sources) addTry(ctx context.Context, actor identity.Actor, found Found, row store.Try, o AttemptOptions) (Try, error) {
	var a Attempt
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		row.ID, row.CreatedAt, row.EndsAt = identity.NewTryID(tx.Now()), tx.Now(), tx.Now().Add(tryLife)
		if err := tx.Tries.Add(row); err != nil {
			return err
		}
		if row.State == store.TryWaiting {
			o.Purpose, o.tryID = ForTry, row.ID
			if a, err = s.putAttempt(tx, found.Source, o); err != nil {
				return err
			}
		}
		what, about := audit.SSOTried, audit.About{Organization: row.OrganizationID, Target: string(row.ID)}
		if !isSSO(found.Source) {
			what, about.Details = audit.SourceTried, map[string]string{"source": string(row.SourceID), "name": found.Source.Name}
		}
		return audit.Record(tx, actor, what, about)
	})
	t := Try{ID: row.ID, State: TryState(row.State)}
	if err != nil || row.State != store.TryWaiting {
		return t, err
	}
	step, err := s.Begin(ctx, found, a)
	t.URL = step.URL
	return t, err
}

// candidate makes of settings that are not saved a source that can be asked.
func (s *Sources) candidate(ctx context.Context, org identity.OrganizationID, r TryRequest) (f Found, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		_, before, err := stored(tx, org)
		if err != nil {
			return err
		}
		next := r.SSO
		if next.ClientSecret == "" {
			if next.ClientSecret, err = secretOfTry(tx, org, r.SecretOf, next); err != nil {
				return err
			}
		}
		if next.ClientSecret == "" {
			next.ClientSecret = keptSecret(before, next)
		}
		faults := next.validate()
		for _, missing := range next.missing() {
			if missing.Field != "domain" {
				faults = append(faults, missing)
			}
		}
		if next.ClientSecret == "" {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeSSOSecretRequired).At("client_secret"))
		}
		if err := fault.All(faults); err != nil {
			return err
		}
		f, err = triedFound(organization, next)
		return err
	})
	return f, err
}

// keptSecret is the stored secret, while the addresses it goes to are stored.
func keptSecret(before settings, set SSO) string {
	if before.TokenURL != set.TokenURL || before.UserInfoURL != set.UserInfoURL {
		return ""
	}
	return before.ClientSecret
}

// secretOfTry is the secret of an earlier try, while the addresses it goes to
// are those of that try; "" for none.
func secretOfTry(tx *store.Tx, org identity.OrganizationID, id identity.TryID, set SSO) (string, error) {
	if id == "" {
		return "", nil
	}
	k, err := tx.Tries.Get(org, id)
	if err != nil {
		return "", err
	}
	tried, err := readSettings(k.Settings)
	return keptSecret(tried, set), err
}

func triedFound(org identity.Organization, set SSO) (Found, error) {
	kept := settingsOf(set, false)
	kept.Domain = set.Domain
	text, err := json.Marshal(kept)
	return Found{
		Source: identity.Source{
			ID: identity.SSOSourceID(org.ID), OrganizationID: org.ID, Kind: identity.SourceOAuth2, Name: sourceName, Settings: text,
		},
		SSO: set, Organization: org,
	}, err
}

// OutlookKind is what a sign-in would do.
type OutlookKind string

// The kinds of outlooks.
const (
	WouldFind   OutlookKind = "find"   // a member who is linked already
	WouldLink   OutlookKind = "link"   // a member who has this third account, or whom the rules find
	WouldProve  OutlookKind = "prove"  // the same, once who they are is proven here too
	WouldCreate OutlookKind = "create" // a new member, or a guest
	WouldRefuse OutlookKind = "refuse" // nobody; Refusal says why
)

// Outlook is what a sign-in of the person who tried would have done.
type Outlook struct {
	Kind    OutlookKind
	Member  identity.MemberID
	Name    string // of the member
	Account string // of the member
	Refusal fault.Code
}

// Look tells the outlook for a profile and changes nothing.
type Look func(ctx context.Context, found Found, profile identity.Profile) (Outlook, error)

// FinishTry finishes the round trip of a try with what the browser brought
// back, and keeps the report. A check that fails is in the report and no error
// here. The attempt must be a try's, else NotFound (try_not_found).
func (s *Sources) FinishTry(ctx context.Context, a Attempt, back Answer, look Look) (identity.TryID, error) {
	row, found, err := s.loadTry(ctx, a)
	if err != nil {
		return "", err
	}
	var report storedReport
	if err := json.Unmarshal(row.Report, &report); err != nil {
		return "", err
	}
	story := s.story(identity.Origin{})
	profile, err := s.Finish(ctx, found, a, back, story)
	report.Steps = append(report.Steps, stepsOf(story)...)
	switch {
	case err == nil:
		row.State, report.Profile = store.TryPassed, storedProfile(profile)
		if report.Outlook, err = look(ctx, found, profile); err != nil {
			return "", err
		}
	case fault.KindOf(err) == fault.Unauthenticated:
		row.State = store.TryFailed
	default:
		return "", err
	}
	if row.Report, err = json.Marshal(report); err != nil {
		return "", err
	}
	return row.ID, s.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("the beginning of the try was recorded, and nothing but its report changes")
		return tx.Tries.Put(row)
	})
}

func (s *Sources) loadTry(ctx context.Context, a Attempt) (row store.Try, f Found, err error) {
	if a.Purpose != ForTry {
		return row, f, fault.New(fault.NotFound, fault.CodeTryNotFound)
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if row, err = tx.Tries.Get(a.OrganizationID, a.TryID); err != nil {
			return err
		}
		org, err := tx.Organizations.Get(a.OrganizationID)
		if err != nil {
			return err
		}
		if row.SourceID != identity.SSOSourceID(org.ID) {
			t, err := readTried(row)
			if err != nil {
				return err
			}
			f, err = t.found(row, org)
			return err
		}
		set, err := readSettings(row.Settings)
		if err != nil {
			return err
		}
		f, err = triedFound(org, set.sso(false, set.Domain))
		return err
	})
	return row, f, err
}

// PassedTry reports whether exactly these settings of a centre were tried with
// success within a day. A blank secret stands for the stored one, under the
// rules of StartTry.
func (s *Sources) PassedTry(ctx context.Context, org identity.OrganizationID, set SSO) (passed bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		_, before, err := stored(tx, org)
		if err != nil {
			return err
		}
		if set.ClientSecret == "" {
			set.ClientSecret = keptSecret(before, set)
		}
		passed, err = tx.Tries.Passed(org, digest(set.OAuth2))
		return err
	})
	return passed, err
}

// story is one for the steps of a try, with a clock if there is one.
func (s *Sources) story(origin identity.Origin) *trace.Story {
	if s.options.Traces == nil {
		return trace.Begin(trace.SourceLogin, origin)
	}
	return s.options.Traces.Begin(trace.SourceLogin, origin)
}
