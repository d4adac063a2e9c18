package api

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Department is a department on the wire.
type Department struct {
	ID         string    `json:"id" doc:"By which whoever may enter an application names it."`
	Code       string    `json:"code" doc:"By which everything else names it."`
	Name       string    `json:"name"`
	Parent     string    `json:"parent" doc:"The code of the department above; empty for the topmost."`
	Path       string    `json:"path" doc:"The codes from the topmost department to this one, each followed by a slash."`
	Level      int       `json:"level" doc:"The topmost is 1."`
	SortLevel  int       `json:"sort_level" doc:"Smaller sorts first."`
	Note       string    `json:"note"`
	Open       bool      `json:"open" doc:"Whether all members see this department's people, however far they see otherwise."`
	Sees       string    `json:"sees" enum:"all,own,own_and_below,designated" doc:"Whom the department's own people see in the directory."`
	Designated []string  `json:"designated" doc:"The codes of the departments that they see, with what is below, where sees is designated."`
	Version    int64     `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

func departmentShown(d identity.Department) Department {
	return Department{
		ID: string(d.ID), Code: d.Code, Name: d.Name, Parent: parentCode(d), Path: d.Path, Level: d.Level, SortLevel: d.SortLevel, Note: d.Note,
		Open: d.Visibility.Open, Sees: string(d.Visibility.Sees), Designated: append([]string{}, d.Visibility.Designated...),
		Version: d.Version, CreatedAt: d.CreatedAt.UTC(), UpdatedAt: d.UpdatedAt.UTC(),
	}
}

// parentCode reads the code of the parent off the path.
func parentCode(d identity.Department) string {
	if d.Root() {
		return ""
	}
	codes := strings.Split(strings.TrimSuffix(d.Path, "/"), "/")
	return codes[max(len(codes)-2, 0)]
}

type departmentsQuery struct {
	InOrganization
	Paging
}

func listDepartments(ctx context.Context, c *call, in *departmentsQuery) (*listed[Department], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after(identity.RootDepartmentCode + "/")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Directory.Departments(ctx, c.actor, o.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(d identity.Department) string { return d.Path }, departmentShown), nil
}

// NewDepartment is the body that makes a department.
type NewDepartment struct {
	Code       string   `json:"code,omitempty" doc:"Unique in the organisation: 1 to 64 letters, digits, dots, underscores, hyphens and @. Left out, one is made."`
	Name       string   `json:"name" doc:"The name, 1 to 128 characters, unique among its siblings."`
	Parent     string   `json:"parent,omitempty" doc:"The code of the department above. Left out, the topmost."`
	SortLevel  int      `json:"sort_level,omitempty" doc:"1 to 10000; smaller sorts first."`
	Note       string   `json:"note,omitempty" doc:"At most 96 characters."`
	Open       bool     `json:"open,omitempty" doc:"Whether all members see this department's people, however far they see otherwise."`
	Sees       string   `json:"sees,omitempty" enum:"all,own,own_and_below,designated" doc:"Whom the department's own people see in the directory. Left out, everybody."`
	Designated []string `json:"designated,omitempty" doc:"The codes of at most 150 departments that they see, with what is below. Only where sees is designated."`
}

type addDepartmentInput struct {
	InOrganization
	Body NewDepartment
}

func addDepartment(ctx context.Context, c *call, in *addDepartmentInput) (*made[Department], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	d, err := c.s.o.Directory.AddDepartment(ctx, c.actor, o.ID, directory.NewDepartment{
		Code: in.Body.Code, Name: in.Body.Name,
		ParentCode: in.Body.Parent, Note: in.Body.Note, SortLevel: in.Body.SortLevel,
		Visibility: identity.Visibility{Open: in.Body.Open, Sees: identity.Sight(in.Body.Sees), Designated: in.Body.Designated},
	})
	if err != nil {
		return nil, err
	}
	return &made[Department]{
		ETag: etag(d.Version), Location: c.at("/organizations/" + string(o.ID) + "/departments/" + url.PathEscape(d.Code)),
		Body: departmentShown(d),
	}, nil
}

// InDepartment is embedded by everything about one department.
type InDepartment struct {
	InOrganization
	Dept string `path:"dept" doc:"The department's code."`
}

func (c *call) department(ctx context.Context, in InDepartment) (o identity.Organization, d identity.Department, err error) {
	if o, err = c.organization(ctx, in.InOrganization); err != nil {
		return o, d, err
	}
	d, err = c.s.o.Directory.Department(ctx, c.actor, o.ID, in.Dept)
	return o, d, err
}

type departmentInput struct {
	InDepartment
	Known
}

func getDepartment(ctx context.Context, c *call, in *departmentInput) (*single[Department], error) {
	_, d, err := c.department(ctx, in.InDepartment)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, d.Version, departmentShown(d))
}

// DepartmentChange is an edit of a department; what is left out stays.
type DepartmentChange struct {
	Name       *string   `json:"name,omitempty"`
	Parent     *string   `json:"parent,omitempty" doc:"The code of another department above: moves this one with everything below it."`
	SortLevel  *int      `json:"sort_level,omitempty"`
	Note       *string   `json:"note,omitempty"`
	Open       *bool     `json:"open,omitempty"`
	Sees       *string   `json:"sees,omitempty" enum:"all,own,own_and_below,designated" doc:"Another value than designated forgets the designated departments."`
	Designated *[]string `json:"designated,omitempty"`
}

type changeDepartmentInput struct {
	InDepartment
	Unchanged
	Body DepartmentChange
}

func changeDepartment(ctx context.Context, c *call, in *changeDepartmentInput) (*single[Department], error) {
	o, d, err := c.department(ctx, in.InDepartment)
	if err != nil {
		return nil, err
	}
	version, err := in.version(d.Version)
	if err != nil {
		return nil, err
	}
	d, err = c.s.o.Directory.ChangeDepartment(ctx, c.actor, o.ID, d.Code, version, directory.DepartmentChange{
		Name:       in.Body.Name,
		ParentCode: in.Body.Parent, Note: in.Body.Note, SortLevel: in.Body.SortLevel,
		Open: in.Body.Open, Sees: as[identity.Sight](in.Body.Sees), Designated: in.Body.Designated,
	})
	if err != nil {
		return nil, err
	}
	return &single[Department]{ETag: etag(d.Version), Body: departmentShown(d)}, nil
}

type removeDepartmentInput struct {
	InDepartment
	Unchanged
}

func removeDepartment(ctx context.Context, c *call, in *removeDepartmentInput) (*empty, error) {
	o, d, err := c.department(ctx, in.InDepartment)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(d.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveDepartment(ctx, c.actor, o.ID, d.Code)
}

type departmentHeadsInput struct{ InDepartment }

func listDepartmentAdministrators(ctx context.Context, c *call, in *departmentHeadsInput) (*all[Member], error) {
	o, d, err := c.department(ctx, in.InDepartment)
	if err != nil {
		return nil, err
	}
	people, err := c.s.o.Directory.DepartmentHeads(ctx, c.actor, o.ID, d.Code)
	if err != nil {
		return nil, err
	}
	codes, err := c.departmentCodes(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	administered, err := c.administered(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	return whole(people, func(p identity.Person) Member {
		view := c.memberShown(p, codes[p.Member.Department])
		view.Administers = administered[p.Member.ID]
		return view
	}), nil
}
