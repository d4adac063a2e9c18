package report

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// zoneSetting is the setting that holds the name of the time zone.
const zoneSetting = "time_zone"

// maxZone bounds the name of a time zone; the longest in use has 32 characters.
const maxZone = 64

// Reports counts and tells. It is safe for concurrent use.
type Reports struct{ db *store.DB }

// New returns the reports of a database.
func New(db *store.DB) *Reports { return &Reports{db} }

// Zone is the time zone in whose days is counted.
type Zone struct {
	Name    string // of the time zone database, such as Asia/Shanghai
	Version int64  // 0 while nobody has set it: then it is UTC
}

// TimeZone returns in whose days is counted.
func (r *Reports) TimeZone(ctx context.Context, actor identity.Actor) (z Zone, err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return z, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		z, err = zoneOf(tx)
		return err
	})
	return z, err
}

func zoneOf(tx *store.Tx) (Zone, error) {
	value, version, err := tx.Settings.Get(zoneSetting)
	if fault.KindOf(err) == fault.NotFound {
		return Zone{Name: time.UTC.String()}, nil
	}
	return Zone{Name: string(value), Version: version}, err
}

// SetTimeZone says in whose days is counted; the version is the one that was
// read, else Stale. The log of the last months is counted anew, which takes a
// while. What is no time zone is refused (field_format).
func (r *Reports) SetTimeZone(ctx context.Context, actor identity.Actor, z Zone) error {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	if _, err := loadZone(z.Name); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Settings.Put(zoneSetting, []byte(z.Name), z.Version); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SettingChanged, audit.About{Target: zoneSetting})
	})
}

// loadZone finds a time zone by its name. That of the machine is none: another
// machine has another.
func loadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" && len(name) <= maxZone {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, fault.New(fault.Invalid, fault.CodeFieldFormat).At("time_zone").With("want", "want.time_zone")
}
