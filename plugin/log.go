package plugin

import (
	"time"

	"github.com/influxdata/telegraf"
)

// silent is the logger where Telegraf injects none.
type silent struct{}

func (silent) Level() telegraf.LogLevel { return telegraf.None }
func (silent) AddAttribute(string, any) {}
func (silent) Errorf(string, ...any)    {}
func (silent) Error(...any)             {}
func (silent) Warnf(string, ...any)     {}
func (silent) Warn(...any)              {}
func (silent) Infof(string, ...any)     {}
func (silent) Info(...any)              {}
func (silent) Debugf(string, ...any)    {}
func (silent) Debug(...any)             {}
func (silent) Tracef(string, ...any)    {}
func (silent) Trace(...any)             {}

// errorsOnly passes on what is logged as an error.
type errorsOnly struct{ telegraf.Logger }

func (errorsOnly) Warnf(string, ...any)  {}
func (errorsOnly) Warn(...any)           {}
func (errorsOnly) Infof(string, ...any)  {}
func (errorsOnly) Info(...any)           {}
func (errorsOnly) Debugf(string, ...any) {}
func (errorsOnly) Debug(...any)          {}

// limiter lets one log line pass every logGap. The zero value is ready.
type limiter struct {
	next    time.Time
	skipped int
}

const logGap = 10 * time.Second

// allow reports whether a line may be logged now, and how many were not since
// the last one.
func (l *limiter) allow(now time.Time) (skipped int, ok bool) {
	if now.Before(l.next) {
		l.skipped++
		return 0, false
	}
	skipped, l.skipped = l.skipped, 0
	l.next = now.Add(logGap)
	return skipped, true
}
