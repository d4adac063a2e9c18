package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
)

// Session is a signed-in browser on the wire.
type Session struct {
	ID                 string    `json:"id"`
	OrganizationID     string    `json:"organization_id,omitempty" doc:"Absent for an administrator of the provider."`
	MemberID           string    `json:"member_id,omitempty" doc:"Who the person acts as; absent for an administrator of the provider."`
	Methods            []string  `json:"methods" doc:"How the person was proven, in the words of RFC 8176; fed stands for the enterprise's own centre."`
	SourceID           string    `json:"source_id,omitempty" doc:"The source that proved the person; absent for a password of ours."`
	ProvenAt           time.Time `json:"proven_at"`
	CreatedAt          time.Time `json:"created_at"`
	SeenAt             time.Time `json:"seen_at" doc:"When it was used last, to the minute."`
	IdleEndsAt         time.Time `json:"idle_ends_at" doc:"When it ends unless it is used."`
	EndsAt             time.Time `json:"ends_at" doc:"When it ends however much it is used."`
	Address            string    `json:"address,omitempty" doc:"The network address at its beginning."`
	UserAgent          string    `json:"user_agent" doc:"What the browser called itself at its beginning."`
	MustChangePassword bool      `json:"must_change_password" doc:"The person may choose another password and nothing else."`
	// Applications are those that were entered.
	Applications []SessionApplication `json:"applications" doc:"The applications that were entered in it."`
}

// SessionApplication is an application that was entered in a session.
type SessionApplication struct {
	ID        string    `json:"id"`
	ClientID  string    `json:"client_id" doc:"Empty when the application was removed."`
	Name      string    `json:"name" doc:"Empty when the application was removed."`
	EnteredAt time.Time `json:"entered_at" doc:"When it was entered first."`
}

// SessionReport tells how a session ended, and which applications were told.
type SessionReport struct {
	ID        string          `json:"id"`
	CreatedAt time.Time       `json:"created_at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty" doc:"Absent while it lives, and where its time ran out."`
	EndedBy   string          `json:"ended_by" doc:"sign_out, person, administrator, renewed, password, suspended, removed, frozen, source or unlinked; empty while it was not ended."`
	Notices   []SessionNotice `json:"notices" doc:"One for each application that was entered."`
}

// SessionNotice is how one application was told that a session is over.
type SessionNotice struct {
	SessionApplication
	Protocol string     `json:"protocol"`
	State    string     `json:"state" doc:"pending, delivered, failed or not_asked; empty while the session lives."`
	Address  string     `json:"address" doc:"Where it was told."`
	Attempts int        `json:"attempts"`
	Answer   string     `json:"answer" doc:"What it answered last."`
	At       *time.Time `json:"at,omitempty" doc:"When it was told last, or the session ended."`
}

func sessionApplication(e session.Entered) SessionApplication {
	return SessionApplication{ID: string(e.ApplicationID), ClientID: e.ClientID, Name: e.Name, EnteredAt: e.JoinedAt.UTC()}
}

func sessionReport(u session.Use) SessionReport {
	k := u.Session
	r := SessionReport{ID: string(k.ID), CreatedAt: k.CreatedAt.UTC(), EndedAt: given(k.EndedAt), EndedBy: string(k.EndedBy), Notices: []SessionNotice{}}
	for _, e := range u.Applications {
		n := e.Notice
		r.Notices = append(r.Notices, SessionNotice{
			SessionApplication: sessionApplication(e), Protocol: string(e.Protocol), State: string(n.State), Address: n.Address,
			Attempts: n.Attempts, Answer: n.Answer, At: given(n.At),
		})
	}
	return r
}

// given is an instant, nil for none.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

func sessionShown(u session.Use) Session {
	k := u.Session
	shown := Session{
		ID: string(k.ID), OrganizationID: string(k.OrganizationID), MemberID: string(k.MemberID), Methods: append([]string{}, k.Methods...),
		SourceID: string(k.SourceID), ProvenAt: k.ProvenAt.UTC(), CreatedAt: k.CreatedAt.UTC(), SeenAt: k.SeenAt.UTC(),
		IdleEndsAt: k.IdleEndsAt.UTC(), EndsAt: k.EndsAt.UTC(), UserAgent: k.UserAgent, MustChangePassword: k.MustChange,
		Applications: []SessionApplication{},
	}
	for _, e := range u.Applications {
		shown.Applications = append(shown.Applications, sessionApplication(e))
	}
	if k.Origin.Address.IsValid() {
		shown.Address = k.Origin.Address.String()
	}
	return shown
}

// EndedSessions tells how many sessions a call ended.
type EndedSessions struct {
	Ended int `json:"ended"`
}

// whose are the sessions of a member in the organisation of the path.
func (c *call) whose(ctx context.Context, in InMember) (session.Whose, error) {
	p, err := c.member(ctx, in)
	return session.Whose{Account: p.Account.ID, Organization: p.Member.OrganizationID}, err
}

// mine are the sessions of the caller. A management token is no person.
func (c *call) mine() (session.Whose, error) {
	if c.actor.AccountID == "" {
		return session.Whose{}, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return session.Whose{Account: c.actor.AccountID}, nil
}

type memberSessionsInput struct{ InMember }

func listMemberSessions(ctx context.Context, c *call, in *memberSessionsInput) (*all[Session], error) {
	whose, err := c.whose(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return c.sessions(ctx, whose)
}

func endMemberSessions(ctx context.Context, c *call, in *memberSessionsInput) (*plain[EndedSessions], error) {
	whose, err := c.whose(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return c.endSessions(ctx, whose)
}

type memberSessionInput struct {
	InMember
	Session string `path:"session" doc:"The identifier of the session."`
}

func endMemberSession(ctx context.Context, c *call, in *memberSessionInput) (*empty, error) {
	whose, err := c.whose(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sessions.EndOne(ctx, c.actor, whose, identity.SessionID(in.Session))
}

func reportMemberSession(ctx context.Context, c *call, in *memberSessionInput) (*plain[SessionReport], error) {
	whose, err := c.whose(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return c.sessionReport(ctx, whose, in.Session)
}

func listMySessions(ctx context.Context, c *call, _ *nothing) (*all[Session], error) {
	whose, err := c.mine()
	if err != nil {
		return nil, err
	}
	return c.sessions(ctx, whose)
}

func endMySessions(ctx context.Context, c *call, _ *nothing) (*plain[EndedSessions], error) {
	whose, err := c.mine()
	if err != nil {
		return nil, err
	}
	return c.endSessions(ctx, whose)
}

type mySessionInput struct {
	Session string `path:"session" doc:"The identifier of the session."`
}

func endMySession(ctx context.Context, c *call, in *mySessionInput) (*empty, error) {
	whose, err := c.mine()
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sessions.EndOne(ctx, c.actor, whose, identity.SessionID(in.Session))
}

func reportMySession(ctx context.Context, c *call, in *mySessionInput) (*plain[SessionReport], error) {
	whose, err := c.mine()
	if err != nil {
		return nil, err
	}
	return c.sessionReport(ctx, whose, in.Session)
}

// sessionReport is the report of one of somebody's sessions; another's is none.
func (c *call) sessionReport(ctx context.Context, whose session.Whose, id string) (*plain[SessionReport], error) {
	used, err := c.s.o.Sessions.Used(ctx, c.actor, identity.SessionID(id))
	if err != nil {
		return nil, err
	}
	if k := used.Session; k.AccountID != whose.Account || whose.Organization != "" && k.OrganizationID != whose.Organization {
		return nil, fault.New(fault.NotFound, fault.CodeSessionNotFound)
	}
	return &plain[SessionReport]{sessionReport(used)}, nil
}

func (c *call) sessions(ctx context.Context, whose session.Whose) (*all[Session], error) {
	found, err := c.s.o.Sessions.UsedBy(ctx, c.actor, whose)
	if err != nil {
		return nil, err
	}
	return whole(found, sessionShown), nil
}

func (c *call) endSessions(ctx context.Context, whose session.Whose) (*plain[EndedSessions], error) {
	n, err := c.s.o.Sessions.EndAll(ctx, c.actor, whose)
	if err != nil {
		return nil, err
	}
	return &plain[EndedSessions]{EndedSessions{n}}, nil
}
