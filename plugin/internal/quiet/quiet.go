// Package quiet keeps trouble that comes many times from filling the log.
package quiet

import (
	"fmt"
	"time"
)

// Limiter lets one log line pass every ten seconds. The zero value is ready.
type Limiter struct {
	next    time.Time
	skipped int
}

const gap = 10 * time.Second

// Logf passes a line to log, unless one was logged not long ago, and says how
// many were left out.
func (l *Limiter) Logf(log func(string, ...any), format string, args ...any) {
	now := time.Now()
	if now.Before(l.next) {
		l.skipped++
		return
	}
	if l.skipped > 0 {
		format += fmt.Sprintf(" (%d more were not logged)", l.skipped)
	}
	l.skipped, l.next = 0, now.Add(gap)
	log(format, args...)
}
