package plugin

import (
	"fmt"
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

// noise limits, by kind, the log lines that trouble can cause many of.
type noise struct{ malformed, refused, overrun, panics limiter }

// limiter lets one log line pass every logGap. The zero value is ready.
type limiter struct {
	next    time.Time
	skipped int
}

const logGap = 10 * time.Second

// logf passes a line to log, unless one was logged not long ago, and says how
// many were left out.
func (l *limiter) logf(log func(string, ...any), format string, args ...any) {
	now := time.Now()
	if now.Before(l.next) {
		l.skipped++
		return
	}
	if l.skipped > 0 {
		format += fmt.Sprintf(" (%d more were not logged)", l.skipped)
	}
	l.skipped, l.next = 0, now.Add(logGap)
	log(format, args...)
}
