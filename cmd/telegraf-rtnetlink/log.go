package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/influxdata/telegraf"
)

// logger writes each message as one line that starts with its level, "W! " for
// a warning: inputs.execd reads the level from there. It implements
// telegraf.Logger, and io.Writer for lines of Telegraf's packages that start
// with a level already. Any goroutine may use it.
//
// Telegraf's own logger is of no use here: it writes the time first, which
// makes every line an error for inputs.execd, and it keeps each message for
// ever until a log file is set up.
type logger struct {
	mu    sync.Mutex
	w     io.Writer
	level telegraf.LogLevel
}

const (
	logName = "[inputs.rtnetlink] "
	// maxLine is the longest line in bytes. inputs.execd stops reading a
	// process's messages at a line of 64 KiB.
	maxLine = 8 << 10
)

func newLogger(w io.Writer, level telegraf.LogLevel) *logger {
	return &logger{w: w, level: level}
}

func (l *logger) print(level telegraf.LogLevel, text string) {
	if !l.level.Includes(level) {
		return
	}
	line := level.Indicator() + " " + logName + printable(text) + "\n"
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.w, line) // there is nowhere left to report a failure to
}

// printable returns text as one valid line: names of interfaces and the like
// may hold anything.
func printable(text string) string {
	text = strings.ToValidUTF8(strings.TrimRight(text, "\n"), "\uFFFD")
	if len(text) > maxLine {
		end := maxLine
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end] + " …"
	}
	if strings.IndexFunc(text, unprintable) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unprintable(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'")) // \n, \x1b, \u200b
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// Write logs a line of the standard logger, "D! text" at level debug and so on,
// and at level info where there is no level. It never fails.
func (l *logger) Write(line []byte) (int, error) {
	text, level := string(line), telegraf.Info
	for try := telegraf.Error; try <= telegraf.Trace; try++ {
		if rest, ok := strings.CutPrefix(text, try.Indicator()+" "); ok {
			text, level = rest, try
			break
		}
	}
	l.print(level, text)
	return len(line), nil
}

func (l *logger) printf(level telegraf.LogLevel, format string, args []any) {
	if l.level.Includes(level) {
		l.print(level, fmt.Sprintf(format, args...))
	}
}

// The methods of telegraf.Logger.

func (l *logger) Level() telegraf.LogLevel          { return l.level }
func (l *logger) AddAttribute(string, any)          {}
func (l *logger) Errorf(format string, args ...any) { l.printf(telegraf.Error, format, args) }
func (l *logger) Error(args ...any)                 { l.print(telegraf.Error, fmt.Sprint(args...)) }
func (l *logger) Warnf(format string, args ...any)  { l.printf(telegraf.Warn, format, args) }
func (l *logger) Warn(args ...any)                  { l.print(telegraf.Warn, fmt.Sprint(args...)) }
func (l *logger) Infof(format string, args ...any)  { l.printf(telegraf.Info, format, args) }
func (l *logger) Info(args ...any)                  { l.print(telegraf.Info, fmt.Sprint(args...)) }
func (l *logger) Debugf(format string, args ...any) { l.printf(telegraf.Debug, format, args) }
func (l *logger) Debug(args ...any)                 { l.print(telegraf.Debug, fmt.Sprint(args...)) }
func (l *logger) Tracef(format string, args ...any) { l.printf(telegraf.Trace, format, args) }
func (l *logger) Trace(args ...any)                 { l.print(telegraf.Trace, fmt.Sprint(args...)) }
