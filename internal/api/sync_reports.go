package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
)

// SyncProgress is how far telling an application has come.
type SyncProgress struct {
	State     string     `json:"state" enum:"off,going,waiting,settled" doc:"settled: the receiver knows everything; waiting: a call failed and is made again."`
	Failure   string     `json:"failure" enum:",unreachable,signature,abnormal" doc:"What kind of failure the last call was; empty when it passed."`
	Remedy    string     `json:"remedy" doc:"How to mend the failure; else empty."`
	Attempts  int        `json:"attempts" doc:"Failures in a row."`
	NextAt    *time.Time `json:"next_at,omitempty" doc:"When the failed call is made again."`
	SettledAt *time.Time `json:"settled_at,omitempty" doc:"When the receiver last knew everything."`
}

// instant is a time that may be missing.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

func getSyncProgress(ctx context.Context, c *call, in *applicationInput) (*answered[SyncProgress], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	g, err := c.s.o.Syncs.Progress(ctx, c.actor, o.ID, in.ClientID)
	if err != nil {
		return nil, err
	}
	return &answered[SyncProgress]{Body: SyncProgress{
		State: string(g.State), Failure: string(g.Failure), Remedy: c.remedy(g.Failure), Attempts: g.Attempts,
		NextAt: instant(g.NextAt), SettledAt: instant(g.SettledAt),
	}}, nil
}

// SyncRecord is one call to a receiver, with its repetitions.
type SyncRecord struct {
	ID         string     `json:"id"`
	Event      string     `json:"event" enum:"tenant,application,departments,department,people"`
	Flag       int        `json:"flag" doc:"As on the wire: 0 removed, 1 added, 2 modified, 3 no longer authorised."`
	Status     string     `json:"status" enum:"pending,success,failed"`
	Object     string     `json:"object" doc:"What it is about."`
	Objects    int        `json:"objects" doc:"How many it is about."`
	Request    string     `json:"request" doc:"What was sent: without the secret, numbers and addresses masked, of long lists the beginning."`
	HTTPStatus int        `json:"http_status" doc:"0 when no answer came."`
	ResultCode string     `json:"result_code"`
	ResultMsg  string     `json:"result_msg"`
	DurationMS int64      `json:"duration_ms"`
	Attempts   int        `json:"attempts"`
	Failure    string     `json:"failure" enum:",unreachable,signature,abnormal"`
	Remedy     string     `json:"remedy" doc:"How to mend the failure; else empty."`
	At         time.Time  `json:"at" doc:"Of the last attempt."`
	NextAt     *time.Time `json:"next_at,omitempty" doc:"When it is made again."`
}

func (c *call) syncRecordShown(r provision.Record) SyncRecord {
	return SyncRecord{
		ID: string(r.ID), Event: r.Event, Flag: r.Act, Status: string(r.Status), Object: r.Object, Objects: r.Objects, Request: r.Request,
		HTTPStatus: r.HTTPStatus, ResultCode: r.Code, ResultMsg: r.Message, DurationMS: r.Duration.Milliseconds(), Attempts: r.Attempts,
		Failure: r.Failure, Remedy: c.remedy(provision.Class(r.Failure)), At: r.At.UTC(), NextAt: instant(r.NextAt),
	}
}

type syncRecordsQuery struct {
	InApplication
	Paging
	Status string `query:"status" enum:"pending,success,failed" doc:"Only those of which this came."`
	Event  string `query:"event" enum:"tenant,application,departments,department,people" doc:"Only those of this event."`
}

func listSyncRecords(ctx context.Context, c *call, in *syncRecordsQuery) (*listed[SyncRecord], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("syr_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Syncs.Records(ctx, c.actor, o.ID, in.ClientID, provision.RecordQuery{
		Status: provision.RecordStatus(in.Status), Event: in.Event, Before: identity.SyncRecordID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(r provision.Record) string { return string(r.ID) }, c.syncRecordShown), nil
}

// SyncPerson is somebody who may enter an application, and what its receiver
// knows of them.
type SyncPerson struct {
	Member  string     `json:"member" doc:"The member's identifier."`
	Account string     `json:"account"`
	Name    string     `json:"name"`
	Role    string     `json:"role" enum:"user,admin" doc:"As the receiver is told."`
	Enabled bool       `json:"enabled"`
	Status  string     `json:"status" enum:"told,pending,refused" doc:"refused: the receiver does not take what it is told of them."`
	At      *time.Time `json:"at,omitempty" doc:"When the receiver last took or refused something of them."`
}

func syncPersonShown(p provision.KnownPerson) SyncPerson {
	return SyncPerson{
		Member: string(p.Member), Account: p.Account, Name: p.Name, Role: p.Role, Enabled: p.Enabled, Status: string(p.Status), At: instant(p.At),
	}
}

type syncPeopleQuery struct {
	InApplication
	Paging
	Status string `query:"status" enum:"told,pending,refused" doc:"Only those of whom the receiver knows this."`
}

func listSyncPeople(ctx context.Context, c *call, in *syncPeopleQuery) (*listed[SyncPerson], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("mem_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Syncs.People(ctx, c.actor, o.ID, in.ClientID, provision.PeopleQuery{
		Status: provision.PersonStatus(in.Status), After: identity.MemberID(after), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(p provision.KnownPerson) string { return string(p.Member) }, syncPersonShown), nil
}

type syncActionInput struct{ InApplication }

func retrySync(ctx context.Context, c *call, in *syncActionInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Syncs.Retry(ctx, c.actor, o.ID, in.ClientID)
}

func replaySync(ctx context.Context, c *call, in *syncActionInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Syncs.Replay(ctx, c.actor, o.ID, in.ClientID)
}

type retryRecordInput struct {
	InApplication
	Record string `path:"record" doc:"The call's identifier."`
}

func retrySyncRecord(ctx context.Context, c *call, in *retryRecordInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Syncs.RetryRecord(ctx, c.actor, o.ID, in.ClientID, identity.SyncRecordID(in.Record))
}
