// Package provision tells applications of their organisation: what it is
// called, by which credential they sign people in, which departments it has and
// who may enter (OrgID, G).
//
// What a receiver should know is computed from what is stored, and compared with
// what it has acknowledged. There is no queue of changes: whatever happens
// between the two, a crash or a day of silence, the next comparison finds all of
// it, and nothing twice. Nobody who writes knows of receivers: that something
// may have changed is seen from the audit events.
//
// Files: call.go and people.go are the five calls on the wire, sign.go their
// signatures, answer.go what receivers say, post.go one exchange. settings.go
// keeps how an application is told and try.go tries it. plan.go compares, send.go
// makes the calls and notes what came of them, doubt.go minds those of which nobody knows, run.go says when, report.go tells
// of it.
//
// What does not live here: bringing an outside directory in (dirsync), and
// telling applications of the end of a session (outbox).
package provision
