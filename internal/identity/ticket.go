package identity

import "time"

// Ticket is a one-time secret that expires, without the secret.
type Ticket struct {
	ID        TicketID
	Kind      TicketKind
	Payload   []byte // what the ticket stands for; sealed at rest
	Attempts  int    // wrong guesses so far, for tickets that are guessed at
	CreatedAt time.Time
	ExpiresAt time.Time
	SpentAt   time.Time // zero until it is redeemed
}

// TicketKind separates tickets of different use: one kind never redeems
// another.
type TicketKind string

// The kinds of tickets.
const (
	TicketSetup       TicketKind = "setup"        // the first administrator's address
	TicketCaptcha     TicketKind = "captcha"      // a drawn puzzle
	TicketCaptchaDone TicketKind = "captcha_done" // a solved one
	TicketReset       TicketKind = "reset"        // a new password may be set
	TicketPortal      TicketKind = "portal"       // a jump into the portal
	TicketAttempt     TicketKind = "attempt"      // the way to a source and back: its secret is the state
	TicketClientCode  TicketKind = "client_code"  // a client's one-time code after enterprise SSO
	TicketForgotten   TicketKind = "forgotten"    // the link in a mail after a forgotten password
	TicketFlow        TicketKind = "flow"         // a sign-in conversation of one browser
	TicketCode        TicketKind = "code"         // an authorization code
	TicketAsked       TicketKind = "asked"        // an application's request, kept while a person is asked
	TicketLeave       TicketKind = "leave"        // an application's wish to sign out, while the person is asked
	TicketReport      TicketKind = "report"       // the report of a sign-out may be read
	TicketSetupLink   TicketKind = "setup_link"   // opens a set-up link, once
	TicketSetupGuest  TicketKind = "setup_guest"  // the browser that opened it may work on until its end
	TicketService     TicketKind = "service"      // an entry at a service of an application
	TicketProxy       TicketKind = "proxy"        // the same, given to an application that acts for the person
	TicketProxying    TicketKind = "proxying"     // an application may act for a person elsewhere
	TicketClaim       TicketKind = "claim"        // an account that a source named may be proven here
	TicketFactor      TicketKind = "factor"       // the secret of a factor that is being set up
	TicketPasskey     TicketKind = "passkey"      // the challenge that a passkey is to sign, or is to be made for
	TicketNobody      TicketKind = "nobody"       // stands in for a message to nobody; expires as it is made
)
