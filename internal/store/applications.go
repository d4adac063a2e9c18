package store

// Applications is the table of those who rely on us, with what hangs on each.
type Applications struct{ c *conn }
