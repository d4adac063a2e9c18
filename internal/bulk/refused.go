package bulk

import (
	"context"
	"encoding/json"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Refusal is why a row of a file was not taken over.
type Refusal struct {
	Place Place
	// Fault tells why; its field is the key of the column, "" for the row as a
	// whole.
	Fault *fault.Error
}

// Place is where a refusal stands among all of an import.
type Place struct {
	Part int // of the file of refusals
	Row  int // as a spreadsheet shows it
}

// refusedRow is a row that was refused, as it is stored.
type refusedRow struct {
	Row    int
	Cells  []string
	Faults []refusedFor
}

type refusedFor struct {
	Kind   fault.Kind
	Code   fault.Code
	Column string         `json:",omitempty"`
	Params map[string]any `json:",omitempty"`
}

func refusedRows(rows []rowRead) (refused []refusedRow) {
	for _, row := range rows {
		if len(row.refusals) == 0 {
			continue
		}
		r := refusedRow{Row: row.number, Cells: row.cells}
		for _, f := range row.refusals {
			r.Faults = append(r.Faults, refusedFor{f.Kind, f.Code, f.Field, f.Params})
		}
		refused = append(refused, r)
	}
	return refused
}

func marshalRefused(rows []refusedRow) ([]byte, error) { return json.Marshal(rows) }

func (r refusedFor) fault() *fault.Error {
	f := fault.New(r.Kind, r.Code).At(r.Column)
	f.Params = Params(r.Params)
	return f
}

// Params gives the parameters of a sentence the types that they had before
// they were stored as JSON.
func Params(stored map[string]any) map[string]any {
	params := make(map[string]any, len(stored))
	for name, value := range stored {
		switch v := value.(type) {
		case float64:
			params[name] = int64(v)
		case []any:
			texts := make([]string, 0, len(v))
			for _, item := range v {
				text, _ := item.(string)
				texts = append(texts, text)
			}
			params[name] = texts
		default:
			params[name] = value
		}
	}
	return params
}

// eachRefused calls do for every stored part of refused rows from one on, until
// do says that it has enough.
func (t *Tasks) eachRefused(ctx context.Context, id identity.TaskID, from int, do func(part int, rows []refusedRow) (enough bool, err error)) error {
	for {
		var content []byte
		err := t.db.View(ctx, func(tx *store.Tx) (err error) {
			if from, err = tx.Tasks.NextPart(id, store.TaskRefused, from); err == nil {
				content, err = tx.Tasks.Part(id, store.TaskRefused, from)
			}
			return err
		})
		if fault.Is(err, fault.CodeTaskFileNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var rows []refusedRow
		if err := json.Unmarshal(content, &rows); err != nil {
			return err
		}
		enough, err := do(from, rows)
		if enough || err != nil {
			return err
		}
		from++
	}
}

// Refusals returns up to limit refusals of an import in the order of the rows,
// of rows after a place. All refusals of a row come together, so that there may
// be some more.
func (t *Tasks) Refusals(ctx context.Context, actor identity.Actor, k identity.Task, after Place, limit int) (all []Refusal, err error) {
	if err := access.Allow(actor, nounOf(k).permission, k.OrganizationID); err != nil {
		return nil, err
	}
	err = t.eachRefused(ctx, k.ID, after.Part, func(part int, rows []refusedRow) (bool, error) {
		for _, row := range rows {
			if part == after.Part && row.Row <= after.Row {
				continue
			}
			if len(all) >= limit {
				return true, nil
			}
			for _, f := range row.Faults {
				all = append(all, Refusal{Place{part, row.Row}, f.fault()})
			}
		}
		return len(all) >= limit, nil
	})
	return all, err
}
