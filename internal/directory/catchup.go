package directory

import (
	"context"

	"github.com/orgate/orgate/internal/store"
)

// catchUpAtOnce is how many members one transaction works out.
const catchUpAtOnce = 500

// HearNames works out by which sounds members are found who were stored by a
// version that did not (pinyin.Of). It is done in small transactions, goes on
// where it was broken off, and costs one look into an empty index when nothing
// is left. It is for a job alone.
func (d *Directory) HearNames(ctx context.Context) error {
	return d.catchUp(ctx, func(tx *store.Tx) (int, error) { return tx.Members.Hear(catchUpAtOnce) })
}

// DigestContacts makes what finds members by two more beginnings of their mail
// address, who were stored by a version that did not, as HearNames does its work.
func (d *Directory) DigestContacts(ctx context.Context) error {
	return d.catchUp(ctx, func(tx *store.Tx) (int, error) { return tx.Members.DigestContacts(catchUpAtOnce) })
}

// catchUp repeats a step until it does less than catchUpAtOnce.
func (d *Directory) catchUp(ctx context.Context, step func(*store.Tx) (int, error)) error {
	for {
		n := 0
		err := d.db.Update(ctx, func(tx *store.Tx) (err error) {
			tx.NoEvent("nobody sees what changes")
			n, err = step(tx)
			return err
		})
		if err != nil || n < catchUpAtOnce {
			return err
		}
	}
}
