package fault

// The codes of CAS. Their English sentences are the descriptions that
// developers read.
const (
	CodeServiceUnknown    Code = "cas_service_unknown"        // the address is no application's service
	CodeServiceTaken      Code = "cas_service_taken"          // param url; another application has it, or another organisation its host
	CodeServiceTicket     Code = "cas_ticket_invalid"         // unknown, expired, used, or of what has ended
	CodeServiceTicketWhat Code = "cas_ticket_kind"            // a proxy ticket where none counts
	CodeServiceTicketAim  Code = "cas_ticket_service"         // made for another service
	CodeServiceTicketOld  Code = "cas_ticket_renew"           // by a session, where a fresh proof is demanded
	CodeServiceMethod     Code = "cas_method"                 // the answer in a form that is not served
	CodeServiceFormat     Code = "cas_format"                 // neither XML nor JSON
	CodeProxyForbidden    Code = "cas_proxy_forbidden"        // the application may not act for people
	CodeProxyCallback     Code = "cas_proxy_callback"         // not its own, not https, or it cannot be reached
	CodeProxyTicket       Code = "cas_proxy_ticket_invalid"   // unknown, or of what has ended
	CodeProxyTarget       Code = "cas_proxy_target_forbidden" // no service that the person may enter
	CodeTryProtocol       Code = "try_protocol"               // no relying party speaks the protocol
)
