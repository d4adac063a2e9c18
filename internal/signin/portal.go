package signin

import (
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/trace"
)

// nonceField is the parameter of a jump into the portal (Meeting API, 4.7).
const nonceField = "nonce"

// consolePath is where the management pages are.
const consolePath = "/console/"

// askJump shows what a link that signs in leads to. The link is a GET, which
// mail scanners and previews make too: looking at it spends nothing, and the
// page posts itself. Where somebody is signed in it waits for a click, so that
// a link cannot put one person's browser into another's account unseen.
func (s *Surface) askJump(v *visit, nonce string) reply {
	return show(pages.Jump{Form: s.flowForm(v, "/login"), Nonce: nonce, SignedIn: v.name()})
}

// jump signs in by the nonce of an access token.
func (s *Surface) jump(v *visit) (reply, error) {
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	if !ok {
		// The page would post itself again for ever where cookies are refused.
		return reply{}, errForm
	}
	story := s.Traces.Begin(trace.PortalLogin, v.origin)
	in, err := s.Directory.SignInByPortal(v.context(), directory.PortalProof{
		Nonce: v.posted(nonceField), Entry: v.browserEntry(), Origin: v.origin, Story: story,
	})
	s.keep(v, story, err)
	if err != nil {
		return reply{}, err
	}
	s.enter(v, in)
	if v.administers() {
		v.flow.ReturnTo = consolePath
	}
	return s.dispatch(v), nil
}

// administers tells that there are management pages for who is signed in.
func (v *visit) administers() bool {
	if v.signed == nil {
		return false
	}
	role := v.signed.Member.Role
	return v.signed.Provider || role == identity.RoleOwner || role == identity.RoleAdministrator
}
