package store

// Act names one kind of short write that does not need serialisable isolation
// because unique keys and UPDATE … WHERE … RETURNING already decide its races.
// Serialisable snapshots lock index pages: time-ordered inserts of many
// writers would abort each other on exactly the busiest path.
type Act uint8

// The acts. Anything that is not listed here is an Update.
const (
	actUpdate  Act = iota // the zero value: not an act, a serialisable Update
	ActSignIn             // claim the nonce, find or create the member, issue the token or session
	ActToken              // issue, rotate or end an access token
	ActTicket             // put or take a one-time secret
	ActAttempt            // count a failed or successful proof
	ActSession            // start, touch or end a session
	ActGrant              // redeem a code, rotate a refresh token
	ActAudit              // record a fact that stands alone
	ActOutbox             // take, finish or put back a message
	ActJob                // take, renew or finish the lease of a job
	ActTrace              // keep the story of a sign-in
	ActTask               // store a part of a file, or how far a task is
	ActSync               // tell an application, and note what came of it
	ActSweep              // delete what has expired, in slices
	ActReport             // count a stretch of the log
	ActKeys               // the store's own: re-wrap data keys
)

// rules of one act.
type actRule struct {
	name string
	// serial asks for serialisable isolation.
	serial bool
	// silent says why the act needs no audit event; "" if it needs one.
	silent string
}

// acts is the whole table: no other place decides how an act runs.
var acts = [...]actRule{
	actUpdate:  {name: "update", serial: true},
	ActSignIn:  {name: "sign_in"},
	ActToken:   {name: "token", silent: "issuing and checking tokens is recorded by the sign-in"},
	ActTicket:  {name: "ticket", silent: "a one-time secret is a step of something recorded elsewhere"},
	ActAttempt: {name: "attempt", silent: "counters are not facts; the sign-in records the outcome"},
	ActSession: {name: "session"},
	ActGrant:   {name: "grant"},
	ActAudit:   {name: "audit"},
	ActOutbox:  {name: "outbox", silent: "delivery state"},
	ActJob:     {name: "job", silent: "lease bookkeeping"},
	ActTrace:   {name: "trace", silent: "a story, not a fact"},
	ActTask:    {name: "task", silent: "the beginning and the end of a task are recorded"},
	ActSync:    {name: "sync", silent: "what is told was recorded when it changed; a call that fails for good is recorded"},
	ActSweep:   {name: "sweep", silent: "expiry was decided when the row was written"},
	ActReport:  {name: "report", silent: "what is counted was recorded"},
	ActKeys:    {name: "keys", silent: "no key changes, only its wrapping"},
}

// String returns the act's name for logs.
func (a Act) String() string { return a.rule().name }

func (a Act) rule() actRule {
	if int(a) < len(acts) {
		return acts[a]
	}
	return acts[actUpdate]
}
