package trace

// The checks of an entry by CAS, in the order in which they are made. RequestForm,
// SessionThere and those of entry belong to it too.
const (
	// ServiceKnown: the service is an address of an application.
	ServiceKnown Check = "service_known"
	// TicketIssued: a service ticket was made.
	TicketIssued Check = "ticket_issued"
	// TicketKnown: the ticket is one that this server made, and has not expired.
	TicketKnown Check = "ticket_known"
	// TicketUnspent: the ticket was not presented before.
	TicketUnspent Check = "ticket_unspent"
	// TicketService: the service is, byte by byte, the one that the ticket was made for.
	TicketService Check = "ticket_service"
	// TicketKind: a proxy ticket came where one counts.
	TicketKind Check = "ticket_kind"
	// TicketRenewed: where it is demanded, the person was proven for this very ticket.
	TicketRenewed Check = "ticket_renewed"
	// TicketAccepted: the application was told who it is.
	TicketAccepted Check = "ticket_accepted"
)

// The checks of an application that acts for people at others.
const (
	// ProxyAllowed: the application may act for people.
	ProxyAllowed Check = "proxy_allowed"
	// ProxyCallback: the callback is https and one of the application's own services.
	ProxyCallback Check = "proxy_callback"
	// ProxyAnswer: the callback took the proxy-granting ticket.
	ProxyAnswer Check = "proxy_answer"
	// ProxyTicketKnown: the proxy-granting ticket is one that this server made, and has not ended.
	ProxyTicketKnown Check = "proxy_ticket_known"
	// ProxyTicketIssued: a proxy ticket was made.
	ProxyTicketIssued Check = "proxy_ticket_issued"
)

// casChecks is every check of this file.
var casChecks = [...]Check{
	ServiceKnown, TicketIssued, TicketKnown, TicketUnspent, TicketService, TicketKind, TicketRenewed, TicketAccepted,
	ProxyAllowed, ProxyCallback, ProxyAnswer, ProxyTicketKnown, ProxyTicketIssued,
}
