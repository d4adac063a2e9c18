package grant

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// decides names the check that each reason to refuse stands for, for the story.
// What entry refuses says it itself.
var decides = map[error]trace.Check{
	errNoCode: trace.CodeKnown, errSpentCode: trace.CodeUnspent, errForeignCode: trace.CodeOwner, errRedirect: trace.CodeRedirect,
	errVerifier: trace.CodeVerifier, errChanged: trace.SessionThere,
	errNoRefresh: trace.RefreshKnown, errForeignRefresh: trace.RefreshKnown, errUsed: trace.RefreshUnused, errOver: trace.RefreshStands,
	errLate: trace.RefreshFresh, errWider: trace.ScopeAllowed,
	errNoTicket: trace.TicketKnown, errSpentTicket: trace.TicketUnspent, errForeignService: trace.TicketService, errProxied: trace.TicketKind,
	errStale: trace.TicketRenewed, errLeft: trace.SessionThere, errNoProxying: trace.ProxyTicketKnown, errProxyOff: trace.ProxyAllowed,
	errElsewhere: trace.EntryMember,
}

// reason is why something was refused, with the check that decided.
func reason(why error) error {
	if check, ok := decides[why]; ok {
		return &trace.Reason{Check: check, Err: why}
	}
	return why
}

// refusedFor is the one answer to whoever comes with a code or a refresh token
// that does not count.
func refusedFor(why error) *fault.Error { return errGrant.Because(reason(why)) }
