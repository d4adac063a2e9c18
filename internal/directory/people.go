package directory

import (
	"context"
	"encoding/json"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// peopleSetting is the setting that holds what people may do by themselves.
const peopleSetting = "people"

// peopleJSON is how identity.PeopleRules are stored.
type peopleJSON struct {
	Registration  bool `json:"registration"`
	Organizations bool `json:"organizations"`
	QuotaAtOnce   bool `json:"quota_at_once"`
}

// PeopleRules returns what the installation lets people do by themselves, with
// the version of the setting; 0 means that it was never made.
func (d *Directory) PeopleRules(ctx context.Context, actor identity.Actor) (rules identity.PeopleRules, version int64, err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return rules, 0, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		rules, version, err = readPeopleRules(tx)
		return err
	})
	return rules, version, err
}

// SetPeopleRules stores what people may do by themselves. version is the one that
// was read, else Stale.
func (d *Directory) SetPeopleRules(ctx context.Context, actor identity.Actor, rules identity.PeopleRules, version int64) error {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	text, err := json.Marshal(peopleJSON(rules))
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Settings.Put(peopleSetting, text, version); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SettingChanged, audit.About{Target: peopleSetting})
	})
}

// Registers reports whether whoever comes may make an account of their own.
func (d *Directory) Registers(ctx context.Context) (open bool, err error) {
	err = d.db.Glance(ctx, func(tx *store.Tx) error {
		rules, _, err := readPeopleRules(tx)
		open = rules.Registration
		return err
	})
	return open, err
}

// QuotaAtOnceIn reports, inside the caller's transaction, whether room is given
// without a decision.
func QuotaAtOnceIn(tx *store.Tx) (bool, error) {
	rules, _, err := readPeopleRules(tx)
	return rules.QuotaAtOnce, err
}

func readPeopleRules(tx *store.Tx) (identity.PeopleRules, int64, error) {
	value, version, err := tx.Settings.Get(peopleSetting)
	if fault.KindOf(err) == fault.NotFound {
		return identity.PeopleRules{}, 0, nil
	}
	if err != nil {
		return identity.PeopleRules{}, 0, err
	}
	var rules peopleJSON
	err = json.Unmarshal(value, &rules)
	return identity.PeopleRules(rules), version, err
}
