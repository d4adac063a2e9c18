package identity

import "net/netip"

// Actor is who is acting. The zero Actor is nobody and may nothing.
type Actor struct {
	Kind           ActorKind
	AccountID      AccountID
	MemberID       MemberID
	OrganizationID OrganizationID // the organisation the actor acts inside
	Role           Role           // of a member
	APIToken       APITokenID     // when the call came with a management token
	AppID          string         // when the token was made through an App ID
	SetupLink      SetupLinkID    // of the administrator of the other side
	Name           string         // for the audit log
	Origin         Origin
}

// Origin is where a call came from. It is recorded; of what is decided only
// access policies look at the address.
type Origin struct {
	Address   netip.Addr
	RequestID string
}

// ActorKind is the class of an actor.
type ActorKind string

// The kinds of actors. The zero value is nobody.
const (
	Nobody            ActorKind = ""
	ActsAsMember      ActorKind = "member"
	ActsAsProvider    ActorKind = "provider"     // an administrator of the provider
	ActsAsPerson      ActorKind = "person"       // somebody with an account of their own, in no organisation
	ActsAsOrgToken    ActorKind = "organization" // a management token of one organisation
	ActsAsApplication ActorKind = "application"  // a third-party server by its App ID
	ActsAsJob         ActorKind = "job"
	ActsAsSetupLink   ActorKind = "setup_link" // somebody outside who fills in a source
	ActsAsConsole     ActorKind = "command"    // the operator at the machine's command line
)

// Somebody reports whether a person acts who is signed in, wherever they act,
// and not a token, a job or a program: only a person has something of their own.
func (a Actor) Somebody() bool {
	switch a.Kind {
	case ActsAsMember, ActsAsProvider, ActsAsPerson:
		return a.AccountID != ""
	}
	return false
}

// OutsideOrganizations is what the holder of an account acts as who acts in no
// organisation: an administrator of the provider by an account made for that, a
// person by one of their own, and anybody else as nobody.
func (a Account) OutsideOrganizations() ActorKind {
	switch a.Kind {
	case Operator:
		return ActsAsProvider
	case Personal:
		return ActsAsPerson
	}
	return Nobody
}

// Anonymous returns nobody, coming from origin.
func Anonymous(origin Origin) Actor { return Actor{Origin: origin} }
