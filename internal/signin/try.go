package signin

import (
	"cmp"
	"context"
	"net/url"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// backFromTry finishes the try of settings that are not saved and leads to its
// report. Nobody is signed in by it; whether the report may be read, the
// management pages decide.
func (s *Surface) backFromTry(v *visit, a source.Attempt) (reply, error) {
	id, err := s.Sources.FinishTry(v.context(), a, source.Answer{Query: v.r.URL.Query()}, s.outlook(v.origin))
	if err != nil {
		return reply{}, err
	}
	return goTo(tryAddress(a, id)), nil
}

// tryAddress is where the report of a try is shown.
func tryAddress(a source.Attempt, id identity.TryID) string {
	query := "?" + url.Values{"try": {string(id)}}.Encode()
	switch org := url.PathEscape(string(a.OrganizationID)); {
	case a.ReturnTo != "":
		return a.ReturnTo + query
	case a.SourceID == identity.SSOSourceID(a.OrganizationID):
		return consolePath + "sso/" + org + "/tries/" + url.PathEscape(string(id))
	default:
		return consolePath + org + "/sources/" + url.PathEscape(string(a.SourceID)) + query
	}
}

// outlook tells what a sign-in of the person who tried would have done.
func (s *Surface) outlook(origin identity.Origin) source.Look {
	return func(ctx context.Context, found source.Found, profile identity.Profile) (source.Outlook, error) {
		o, err := s.Directory.SourceOutlook(ctx, directory.SourceProof{
			Source: found.Source, AutoCreate: found.SSO.AutoCreate, Profile: profile, Origin: origin,
		})
		if err != nil {
			return source.Outlook{}, err
		}
		return outlookOf(o, profile), nil
	}
}

// outlooks joins the words of the two rooms.
var outlooks = map[directory.OutlookKind]source.OutlookKind{
	directory.WouldFind: source.WouldFind, directory.WouldLink: source.WouldLink, directory.WouldProve: source.WouldProve,
	directory.WouldCreate: source.WouldCreate, directory.WouldRefuse: source.WouldRefuse,
}

func outlookOf(o directory.Outlook, profile identity.Profile) source.Outlook {
	told := source.Outlook{
		Kind: outlooks[o.Kind], Member: o.Person.Member.ID, Name: o.Person.Member.Name, Account: o.Person.Account.Name,
	}
	if o.Kind == directory.WouldCreate {
		told.Name, told.Account = cmp.Or(profile.Name, profile.Account), profile.Account
	}
	if o.Kind == directory.WouldRefuse {
		told.Refusal = fault.Of(o.Fault).Code
	}
	return told
}
