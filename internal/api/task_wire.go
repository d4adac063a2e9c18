package api

import (
	"time"

	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Task is an import or an export.
type Task struct {
	ID              string       `json:"id"`
	Number          int64        `json:"number" doc:"Counts the tasks of the organisation."`
	Kind            string       `json:"kind" enum:"import_members,export_members,import_contacts,export_contacts"`
	Status          string       `json:"status" enum:"waiting,running,done,failed,cancelled"`
	FileName        string       `json:"file_name"`
	Format          string       `json:"format" enum:"csv,xlsx"`
	Encoding        string       `json:"encoding,omitempty" doc:"Of the text of an import."`
	DryRun          bool         `json:"dry_run"`
	AllOrNothing    bool         `json:"all_or_nothing"`
	MakeDepartments bool         `json:"make_departments"`
	AskedBy         string       `json:"asked_by" doc:"What the person or token is called."`
	Progress        TaskProgress `json:"progress"`
	Reason          *TaskReason  `json:"reason,omitempty" doc:"Why it failed."`
	HasOriginal     bool         `json:"has_original" doc:"The file can be read again. One that holds passwords cannot."`
	HasResult       bool         `json:"has_result" doc:"There is a file: of the rows of an export, or of those of an import that were refused."`
	CreatedAt       time.Time    `json:"created_at"`
	StartedAt       *time.Time   `json:"started_at,omitempty"`
	EndedAt         *time.Time   `json:"ended_at,omitempty"`
	EndsAt          time.Time    `json:"ends_at" doc:"When it is deleted with its files."`
}

// TaskProgress counts the rows of a task.
type TaskProgress struct {
	Total     int `json:"total" doc:"0 while it is not known."`
	Done      int `json:"done"`
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}

// TaskReason is why a task failed, in the reader's language.
type TaskReason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Refusal is why a row of an import was not taken over.
type Refusal struct {
	Row     int    `json:"row" doc:"As a spreadsheet shows it."`
	Column  string `json:"column,omitempty" doc:"The key of the column; absent when it is the row as a whole."`
	Heading string `json:"heading,omitempty" doc:"What the column is called in the reader's language."`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// NewExport is what an export is asked for with; it is narrowed as the list of
// members is, or by q alone as the list of contacts is.
type NewExport struct {
	About      string `json:"about,omitempty" enum:"members,contacts" doc:"What is written: members when left out, or the contacts outside that all of them share."`
	Format     string `json:"format,omitempty" enum:"csv,xlsx" doc:"How the file is written; csv when left out."`
	Language   string `json:"language,omitempty" doc:"Of the headings; left out, that of the request."`
	Q          string `json:"q,omitempty"`
	Department string `json:"department,omitempty" doc:"The code of a department; those below it count."`
	Role       string `json:"role,omitempty" enum:"owner,administrator,member"`
	Status     string `json:"status,omitempty" enum:"active,disabled"`
	Kind       string `json:"kind,omitempty" enum:"member,guest"`
}

func (c *call) taskShown(k identity.Task) Task {
	p, o := k.Progress, k.Options
	t := Task{
		ID: string(k.ID), Number: k.Number, Kind: string(k.Kind), Status: string(k.Status), FileName: k.FileName, Format: string(o.Format),
		Encoding: o.Encoding, DryRun: o.DryRun, AllOrNothing: o.AllOrNothing, MakeDepartments: o.MakeDepartments, AskedBy: k.Actor.Name,
		Progress:    TaskProgress{p.Total, p.Done, p.Created, p.Changed, p.Unchanged, p.Refused},
		HasOriginal: k.Files.Original > 0 && !o.Passwords, HasResult: k.Files.Result > 0,
		CreatedAt: k.CreatedAt, StartedAt: moment(k.StartedAt), EndedAt: moment(k.EndedAt), EndsAt: k.EndsAt,
	}
	if k.Kind.Imports() {
		t.HasResult = k.Status.Ended() && p.Refused > 0
	}
	if k.Reason != "" {
		f := fault.New(fault.Invalid, fault.Code(k.Reason))
		f.Params = bulk.Params(k.Params)
		t.Reason = &TaskReason{Code: k.Reason, Message: c.s.o.Catalogue.Fault(c.language, f)}
	}
	return t
}

func (c *call) refusalShown(r bulk.Refusal) Refusal {
	view := Refusal{Row: r.Place.Row, Column: r.Fault.Field, Code: string(r.Fault.Code), Message: c.s.o.Catalogue.Fault(c.language, r.Fault)}
	if view.Column != "" {
		view.Heading = c.s.o.Tasks.Heading(c.language, view.Column)
	}
	return view
}
