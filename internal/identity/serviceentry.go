package identity

// ServiceEntry is a person's entry at a service of an application: what a
// service ticket stands for, before it is presented and after.
type ServiceEntry struct {
	Application Application
	// Service is the very address that was entered.
	Service string
	// Session is the person's; of one that was read from a ticket only the
	// identifiers, Methods, ProvenAt, VerifiedAt, Origin's address and Generation
	// are known.
	Session Session
	// Fresh says that the person was proven for this very entry, not by a session
	// that was there.
	Fresh bool
	// Chain are the addresses of the applications that act for the person, the
	// one that presents the ticket first; none where the browser brought it.
	Chain []string
}

// ServiceProof is a program's attempt to have a service ticket accepted. Nobody
// proves to be the application: what counts is to know the ticket.
type ServiceProof struct {
	// Application is whose service the address is, zero where it is nobody's.
	Application Application
	Service     string
	Ticket      string
	// Fresh demands that the person was proven for this very entry.
	Fresh bool
	// Proxied takes tickets, too, that an application got in a person's name.
	Proxied bool
}

// String keeps the ticket out of logs.
func (ServiceProof) String() string { return "[redacted]" }

// GoString keeps the ticket out of %#v.
func (ServiceProof) GoString() string { return "[redacted]" }
