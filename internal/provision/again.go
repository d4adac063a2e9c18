package provision

import (
	"encoding/json"

	"github.com/orgate/orgate/internal/store"
)

// everyObject stands for all there are of a kind.
const everyObject = "*"

// about writes down which objects a call is about, so that it can be made again
// by hand. Of what is gone it keeps what the receiver knows: nobody else does.
func (o step) about() (string, error) {
	var all []question
	if o.event == EventDepartments {
		all = []question{{Kind: kindDepartment, Object: everyObject}}
	} else {
		for i, a := range o.acks {
			one := question{Kind: a.Kind, Object: a.Object}
			if a.gone {
				told, err := compact(o.told(i))
				if err != nil {
					return "", err
				}
				one.Told = string(told)
			}
			all = append(all, one)
		}
	}
	text, err := compact(all)
	return string(text), err
}

// told is what a call tells of one of its objects.
func (o step) told(i int) any {
	if o.event == EventPeople {
		return o.people[i]
	}
	return o.departments[i]
}

// doubt has the objects of a call told again: those of one that the receiver has
// taken in any case, of another one those that it has refused.
func doubt(tx *store.Tx, r store.SyncRecord) error {
	var all []question
	if err := json.Unmarshal([]byte(r.About), &all); err != nil {
		return err
	}
	taken := r.Status == store.SyncSuccess
	for _, one := range all {
		if one.Told != "" && taken {
			q := store.SyncQuestion{Kind: one.Kind, Object: one.Object, Told: one.Told}
			if err := tx.SyncAcks.Question(r.ApplicationID, q); err != nil {
				return err
			}
			continue
		}
		if err := tx.SyncAcks.DoubtOf(r.ApplicationID, one.Kind, one.Object, taken); err != nil {
			return err
		}
	}
	return nil
}
