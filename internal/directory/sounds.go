package directory

import (
	"context"

	"github.com/orgate/orgate/internal/store"
)

// hearAtOnce is how many names one transaction works out.
const hearAtOnce = 500

// HearNames works out by which sounds members are found who were stored by a
// version that did not (pinyin.Of). It is done in small transactions, goes on
// where it was broken off, and costs one look into an empty index when nothing
// is left. It is for a job alone.
func (d *Directory) HearNames(ctx context.Context) error {
	for {
		n := 0
		err := d.db.Update(ctx, func(tx *store.Tx) (err error) {
			tx.NoEvent("nobody sees what changes")
			n, err = tx.Members.Hear(hearAtOnce)
			return err
		})
		if err != nil || n < hearAtOnce {
			return err
		}
	}
}
