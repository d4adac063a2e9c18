package api

import (
	"context"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

type tasksQuery struct {
	InOrganization
	Paging
	About  string    `query:"about" enum:"members,contacts" doc:"Only those about one of them."`
	Status string    `query:"status" enum:"waiting,running,done,failed,cancelled" doc:"Only those in this state."`
	From   time.Time `query:"from" doc:"Only those asked for at this instant or later."`
	To     time.Time `query:"to" doc:"Only those asked for before this instant."`
}

func (c *call) listTasks(ctx context.Context, kinds []identity.TaskKind, in *tasksQuery) (*listed[Task], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("tsk_")
	if err != nil {
		return nil, err
	}
	tasks, err := c.s.o.Tasks.List(ctx, c.actor, o.ID, bulk.Query{
		Kinds: kinds, Status: identity.TaskStatus(in.Status), From: in.From, To: in.To, Before: identity.TaskID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, tasks, func(k identity.Task) string { return string(k.ID) }, c.taskShown), nil
}

func listImports(ctx context.Context, c *call, in *tasksQuery) (*listed[Task], error) {
	return c.listTasks(ctx, bulk.About(in.About).Imports(), in)
}

func listExports(ctx context.Context, c *call, in *tasksQuery) (*listed[Task], error) {
	return c.listTasks(ctx, bulk.About(in.About).Exports(), in)
}

type addImportInput struct {
	InOrganization
	About           string `query:"about" enum:"members,contacts" default:"members" doc:"What the rows are: members, or the contacts outside that all of them share."`
	FileName        string `query:"file_name" maxLength:"255" doc:"What the file is called, to be shown."`
	Encoding        string `query:"encoding" enum:"utf-8,utf-16le,utf-16be,gb18030" doc:"Of text; left out, it is found out."`
	DryRun          bool   `query:"dry_run" doc:"Only tell what would become of the rows."`
	AllOrNothing    bool   `query:"all_or_nothing" doc:"One row refused refuses all; for files of up to 5,000 rows."`
	MakeDepartments bool   `query:"make_departments" doc:"Of members: make departments that are named and missing."`
}

// taskMade is the answer with a task that has yet to run.
type taskMade struct {
	Location string `header:"Location" doc:"Where it can be read."`
	Body     Task
}

func (c *call) taskMade(kind string, k identity.Task) *taskMade {
	return &taskMade{Location: c.at("/organizations/" + string(k.OrganizationID) + kind + string(k.ID)), Body: c.taskShown(k)}
}

func addImport(ctx context.Context, c *call, in *addImportInput) (*taskMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	k, err := c.s.o.Tasks.Import(ctx, c.actor, o.ID, bulk.NewImport{
		About: bulk.About(in.About), FileName: in.FileName, Encoding: in.Encoding, DryRun: in.DryRun, AllOrNothing: in.AllOrNothing, MakeDepartments: in.MakeDepartments,
	}, c.r.Body)
	if err != nil {
		return nil, err
	}
	return c.taskMade("/imports/", k), nil
}

// anything is what tasks of every kind are about.
const anything bulk.About = ""

// InImport is embedded by everything about one import.
type InImport struct {
	InOrganization
	Import string `path:"import" doc:"The import's identifier."`
}

// InExport is embedded by everything about one export.
type InExport struct {
	InOrganization
	Export string `path:"export" doc:"The export's identifier."`
}

// importTask finds the import that a call is about.
func (c *call) importTask(ctx context.Context, in InImport) (k identity.Task, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return k, err
	}
	return c.s.o.Tasks.Task(ctx, c.actor, o.ID, identity.TaskID(in.Import), anything.Imports()...)
}

// exportTask finds the export that a call is about.
func (c *call) exportTask(ctx context.Context, in InExport) (k identity.Task, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return k, err
	}
	return c.s.o.Tasks.Task(ctx, c.actor, o.ID, identity.TaskID(in.Export), anything.Exports()...)
}

// taskAnswer is the answer with a task.
type taskAnswer struct{ Body Task }

func (c *call) answerTask(k identity.Task, err error) (*taskAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &taskAnswer{c.taskShown(k)}, nil
}

type (
	importInput struct{ InImport }
	exportInput struct{ InExport }
)

func getImport(ctx context.Context, c *call, in *importInput) (*taskAnswer, error) {
	return c.answerTask(c.importTask(ctx, in.InImport))
}

func getExport(ctx context.Context, c *call, in *exportInput) (*taskAnswer, error) {
	return c.answerTask(c.exportTask(ctx, in.InExport))
}

func cancelImport(ctx context.Context, c *call, in *importInput) (*taskAnswer, error) {
	k, err := c.importTask(ctx, in.InImport)
	if err != nil {
		return nil, err
	}
	return c.answerTask(c.s.o.Tasks.Cancel(ctx, c.actor, k.OrganizationID, k.ID, k.Kind))
}

func cancelExport(ctx context.Context, c *call, in *exportInput) (*taskAnswer, error) {
	k, err := c.exportTask(ctx, in.InExport)
	if err != nil {
		return nil, err
	}
	return c.answerTask(c.s.o.Tasks.Cancel(ctx, c.actor, k.OrganizationID, k.ID, k.Kind))
}

// fileAnswer is a file, written as it is read.
type fileAnswer struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(w io.Writer)
}

func (c *call) answerFile(ctx context.Context, f bulk.File, err error) (*fileAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &fileAnswer{
		Type: f.Type, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}),
		Body: func(to io.Writer) {
			if err := f.CopyTo(ctx, to); err != nil && ctx.Err() == nil {
				c.s.o.Log.Error("a file was not written wholly", "file", f.Name, "err", err)
			}
		},
	}, nil
}

func getImportOriginal(ctx context.Context, c *call, in *importInput) (*fileAnswer, error) {
	k, err := c.importTask(ctx, in.InImport)
	if err != nil {
		return nil, err
	}
	f, err := c.s.o.Tasks.Original(ctx, c.actor, k)
	return c.answerFile(ctx, f, err)
}

func getImportResult(ctx context.Context, c *call, in *importInput) (*fileAnswer, error) {
	k, err := c.importTask(ctx, in.InImport)
	if err != nil {
		return nil, err
	}
	f, err := c.s.o.Tasks.Result(ctx, c.actor, k, c.language)
	return c.answerFile(ctx, f, err)
}

func getExportResult(ctx context.Context, c *call, in *exportInput) (*fileAnswer, error) {
	k, err := c.exportTask(ctx, in.InExport)
	if err != nil {
		return nil, err
	}
	f, err := c.s.o.Tasks.Result(ctx, c.actor, k, c.language)
	return c.answerFile(ctx, f, err)
}

type templateInput struct {
	InOrganization
	About    string `query:"about" enum:"members,contacts" default:"members" doc:"What its rows will be."`
	Format   string `query:"format" enum:"csv,xlsx" default:"csv" doc:"How the file is written."`
	Language string `query:"language" doc:"Of the headings; left out, that of the request."`
}

func getImportTemplate(ctx context.Context, c *call, in *templateInput) (*fileAnswer, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	f, err := c.s.o.Tasks.Template(ctx, c.actor, o.ID, bulk.NewTemplate{
		About: bulk.About(in.About), Format: identity.FileFormat(in.Format), Language: i18n.Match(in.Language, c.language),
	})
	return c.answerFile(ctx, f, err)
}

type refusalsQuery struct {
	InImport
	Paging
}

func listImportRefusals(ctx context.Context, c *call, in *refusalsQuery) (*listed[Refusal], error) {
	k, err := c.importTask(ctx, in.InImport)
	if err != nil {
		return nil, err
	}
	key, err := in.after("row ")
	if err != nil {
		return nil, err
	}
	var after bulk.Place
	if key != "" {
		if _, err := fmt.Sscanf(key, "row %d %d", &after.Part, &after.Row); err != nil {
			return nil, fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
		}
	}
	found, err := c.s.o.Tasks.Refusals(ctx, c.actor, k, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	// A row's refusals stand on one page: it ends with a whole row.
	cut := min(in.Limit, len(found))
	for cut < len(found) && cut > 0 && found[cut].Place == found[cut-1].Place {
		cut++
	}
	answer := &listed[Refusal]{Body: page[Refusal]{Items: make([]Refusal, 0, cut)}}
	for _, r := range found[:cut] {
		answer.Body.Items = append(answer.Body.Items, c.refusalShown(r))
	}
	if cut < len(found) {
		last := found[cut-1].Place
		answer.Body.Next = encodeCursor(fmt.Sprintf("row %d %d", last.Part, last.Row))
		answer.Link = c.link(answer.Body.Next)
	}
	return answer, nil
}

type addExportInput struct {
	InOrganization
	Body NewExport
}

func addExport(ctx context.Context, c *call, in *addExportInput) (*taskMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	q := directory.MemberQuery{Text: b.Q, Role: identity.Role(b.Role), Status: identity.MemberStatus(b.Status), Kind: identity.MemberKind(b.Kind)}
	if b.Department != "" {
		d, err := c.s.o.Directory.Department(ctx, c.actor, o.ID, b.Department)
		if err != nil {
			return nil, err
		}
		q.Department = d.Path
	}
	format := identity.FileFormat(strings.ToLower(b.Format))
	if format == "" {
		format = identity.FormatCSV
	}
	k, err := c.s.o.Tasks.Export(ctx, c.actor, o.ID, bulk.NewExport{
		About: bulk.About(b.About), Format: format, Language: i18n.Match(b.Language, c.language), Members: q,
	})
	if err != nil {
		return nil, err
	}
	return c.taskMade("/exports/", k), nil
}
