package mirror

import (
	"errors"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// gone reports whether a filtered dump failed because what it asked for is not
// there: the link, or the table (R62).
func gone(q rtnl.Query, err error) bool {
	return (q.Ifindex != 0 || q.Table != 0 || q.Master != 0) &&
		(errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENOENT))
}

// asks reports whether the dump was to show the object in body.
func (w *window) asks(body []byte) bool { return rows[w.query.Object].covered(w.query, body) }
