package manifest

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// tree is the departments of one organisation as they will be: those stored and
// those that the manifest adds.
type tree struct {
	stored map[string]identity.Department // by folded code, without the root
	order  []identity.Department          // parents first
	codes  map[identity.DepartmentID]string
	// parents is by folded code the folded code of the parent, as it will be.
	parents map[string]string
	gone    map[string]bool // will be pruned
}

// tree loads the departments of an organisation; a new one has only its root.
func (p *planner) tree(of owner) (*tree, error) {
	t := &tree{
		stored: map[string]identity.Department{}, codes: map[identity.DepartmentID]string{},
		parents: map[string]string{identity.RootDepartmentCode: ""}, gone: map[string]bool{},
	}
	if of.new {
		return t, nil
	}
	err := eachDepartment(p.ctx, p.actor, p.house, of.id, func(d identity.Department) error {
		t.codes[d.ID] = d.Code
		if !d.Root() {
			t.stored[identity.Fold(d.Code)] = d
			t.order = append(t.order, d)
			t.parents[identity.Fold(d.Code)] = identity.Fold(t.codes[d.ParentID])
		}
		return nil
	})
	return t, err
}

// has reports whether a department will exist.
func (t *tree) has(code string) bool {
	_, ok := t.parents[identity.Fold(code)]
	return ok && !t.gone[identity.Fold(code)]
}

// level returns how deep a department will lie, and false when it lies below
// itself.
func (t *tree) level(code string) (int, bool) {
	level := 0
	for at := identity.Fold(code); at != ""; at = t.parents[at] {
		if level++; level > len(t.parents) {
			return 0, false
		}
	}
	return level, true
}

// departments plans what is made, changed and moved, parents before children in
// the tree as it will be.
func (p *planner) departments(w Organization, of owner, t *tree) {
	listed := map[string]bool{}
	for _, d := range w.Departments {
		key := identity.Fold(d.Code)
		listed[key] = true
		if _, known := t.parents[key]; !known || d.Parent != nil {
			t.parents[key] = identity.Fold(or(d.Parent, identity.RootDepartmentCode))
		}
	}
	if p.options.Prune && w.Departments != nil {
		for key := range t.stored {
			t.gone[key] = !listed[key]
		}
	}
	ordered := p.ordered(w, t)
	for _, d := range ordered {
		stored, exists := t.stored[identity.Fold(d.Code)]
		if !exists {
			p.add(Step{Action: Create, Kind: "department", Name: d.Code, Of: of.code, do: createDepartment(d, of)})
			continue
		}
		written, plain := departmentAsWritten(stored, t.codes[stored.ParentID]), d
		plain.Designated = nil // planned by themselves
		if fields := differences(plain, written); len(fields) > 0 {
			p.add(Step{Action: Change, Kind: "department", Name: stored.Code, Of: of.code, Fields: fields, do: changeDepartment(d, of)})
		}
	}
	p.designations(ordered, of, t)
}

// designations plans which departments are designated, once all of them exist.
func (p *planner) designations(ordered []Department, of owner, t *tree) {
	for _, d := range ordered {
		if d.Designated == nil {
			continue
		}
		for _, code := range d.Designated {
			if code != identity.RootDepartmentCode && !t.has(code) {
				at := d.At
				at.Path = join(at.Path, "designated")
				p.problems.add(at, "there is no department %q in %s, neither here nor stored", code, of.code)
			}
		}
		stored, exists := t.stored[identity.Fold(d.Code)]
		wanted := Department{Designated: d.Designated}
		if !exists {
			stored.Code = d.Code
		}
		if fields := differences(wanted, Department{Designated: folded(stored.Visibility.Designated)}); len(fields) > 0 {
			p.add(Step{Action: Change, Kind: "department", Name: stored.Code, Of: of.code, Fields: fields, do: designate(d, of)})
		}
	}
}

func designate(d Department, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Directory.ChangeDepartment(ctx, a.actor, org, d.Code, 0, directory.DepartmentChange{Designated: &d.Designated})
		return err
	}
}

// visibilityWanted is what a manifest says of a department's visibility. Who
// names departments without a sight leaves it as it is stored.
func visibilityWanted(d Department) identity.Visibility {
	v := identity.Visibility{Open: or(d.Open, false), Sees: or(sightWanted(d), identity.SeesAll), Designated: d.Designated}
	if d.Sees == nil && len(d.Designated) > 0 {
		v.Sees = identity.SeesDesignated
	}
	return v
}

func withoutDesignated(v identity.Visibility) identity.Visibility {
	v.Designated = nil
	return v
}

func sightWanted(d Department) *identity.Sight {
	if d.Sees == nil {
		return nil
	}
	sight := identity.Sight(*d.Sees)
	return &sight
}

// ordered returns the listed departments by the level they will have, and
// reports those whose parent is nowhere or below themselves.
func (p *planner) ordered(w Organization, t *tree) []Department {
	levels := map[string]int{}
	ordered := make([]Department, 0, len(w.Departments))
	for _, d := range w.Departments {
		at := d.At
		at.Path = join(at.Path, "parent")
		level, ok := t.level(d.Code)
		switch {
		case d.Parent != nil && !t.has(*d.Parent):
			p.problems.add(at, "there is no department %q in %s, neither here nor stored", *d.Parent, w.Code)
			continue
		case !ok:
			p.problems.add(at, "the department would stand below itself")
			continue
		}
		levels[d.Code] = level
		ordered = append(ordered, d)
	}
	slices.SortStableFunc(ordered, func(a, b Department) int { return levels[a.Code] - levels[b.Code] })
	return ordered
}

// pruneDepartments removes what is not listed, the deepest first, after the
// members have left.
func (p *planner) pruneDepartments(of owner, t *tree) {
	for _, d := range slices.Backward(t.order) {
		if t.gone[identity.Fold(d.Code)] {
			p.add(Step{Action: Remove, Kind: "department", Name: d.Code, Of: of.code, do: removeDepartment(d.Code, of)})
		}
	}
}

func createDepartment(d Department, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Directory.AddDepartment(ctx, a.actor, org, directory.NewDepartment{
			Code: d.Code, Name: d.Name,
			ParentCode: or(d.Parent, ""), Note: or(d.Note, ""), SortLevel: or(d.SortLevel, 0),
			Visibility: withoutDesignated(visibilityWanted(d)),
		})
		return err
	}
}

func changeDepartment(d Department, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Directory.ChangeDepartment(ctx, a.actor, of.id, d.Code, 0, directory.DepartmentChange{
			Name:       &d.Name,
			ParentCode: d.Parent, Note: d.Note, SortLevel: d.SortLevel,
			Open: d.Open, Sees: sightWanted(d),
		})
		return err
	}
}

func removeDepartment(code string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveDepartment(ctx, a.actor, of.id, code)
	}
}
