package luahooks

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"time"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// Limits of a script's log. A call site may write logBurst lines at once and
// one every logEvery after that; the first one that gets through again says
// how many did not.
const (
	logBurst   = 20
	logEvery   = 3 * time.Second
	maxLogText = 1000 // bytes of one line
	maxSites   = 1000
)

// logLimiter limits the lines of each call site of a script.
type logLimiter struct {
	script *script
	sites  map[string]*logSite
}

type logSite struct {
	tokens  float64
	last    time.Time
	dropped int
}

// write logs text unless the call site has been too busy.
func (l *logLimiter) write(level Level, site, text string) {
	s := l.site(site)
	if s == nil {
		return
	}
	if s.dropped > 0 {
		text = fmt.Sprintf("%s (%d similar lines left out)", text, s.dropped)
		s.dropped = 0
	}
	l.script.rt.log(level, text)
}

// site takes a token of a call site and returns it, nil if it has none.
func (l *logLimiter) site(name string) *logSite {
	now := l.script.rt.now()
	s := l.sites[name]
	if s == nil {
		if l.sites == nil || len(l.sites) >= maxSites {
			l.sites = map[string]*logSite{}
		}
		s = &logSite{tokens: logBurst, last: now}
		l.sites[name] = s
	}
	s.tokens = min(logBurst, s.tokens+float64(now.Sub(s.last))/float64(logEvery))
	s.last = now
	if s.tokens < 1 {
		s.dropped++
		l.script.stats.LogDropped++
		return nil
	}
	s.tokens--
	return s
}

// log writes one line; text may come from anywhere.
func (r *Runtime) log(level Level, text string) { r.host.Log(level, safeText(text)) }

// logFrom writes a line for a script: where is the calling line.
func (in *instance) logFrom(L *lua.LState, level Level, text string) {
	where := calledFrom(L).String()
	in.script.logs.write(level, where, where+": "+text)
}

// logLib is nl.log.
func (in *instance) logLib() *lua.LTable {
	t := in.L.NewTable()
	for name, level := range map[string]Level{
		"error": LevelError, "warn": LevelWarn, "info": LevelInfo, "debug": LevelDebug,
	} {
		t.RawSetString(name, in.L.NewFunction(func(L *lua.LState) int {
			in.logFrom(L, level, in.logText(L, "nl.log."+name+": "))
			return 0
		}))
	}
	return t
}

// logText formats the arguments of nl.log.info; a single one need not be a format.
func (in *instance) logText(L *lua.LState, call string) string {
	if L.GetTop() == 1 {
		return in.ToString(L, L.Get(1)).String()
	}
	return in.Format(L, 1, call)
}

// safeText makes one printable line of bounded length: what is in the events,
// an interface alias for one, is written by others.
func safeText(s string) string {
	if len(s) > maxLogText {
		s = s[:maxLogText] + "…"
	}
	clean := true
	for _, c := range s {
		clean = clean && unicode.IsPrint(c) && c != utf8.RuneError
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, size := 0, 0; i < len(s); i += size {
		if b.Len() > maxLogText {
			b.WriteString("…")
			break
		}
		var c rune
		c, size = utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(c):
			b.WriteRune(c)
		default:
			quoted := strconv.QuoteRuneToASCII(c)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// errorText is an error's message without gopher-lua's traceback.
func errorText(err error) string {
	var e *lua.ApiError
	if errors.As(err, &e) {
		switch v := e.Object.(type) {
		case nil:
		case lua.LString, lua.LNumber:
			return v.String()
		case *lua.LNilType:
			return "an error that is nil, not a text"
		default:
			return "an error that is a " + lua51.TypeOf(v) + ", not a text"
		}
		if e.Cause != nil {
			return e.Cause.Error()
		}
	}
	return err.Error()
}

// withFile puts a script's name before a message that does not begin with a
// file and line, as an error with a value of the script's own.
func withFile(name, text string) string {
	if strings.HasPrefix(text, name+":") || fileLine(text) {
		return text
	}
	return name + ": " + text
}

// fileLine reports whether a message begins with "name.lua:123:".
func fileLine(text string) bool {
	_, rest, ok := strings.Cut(text, ".lua:")
	if !ok {
		return false
	}
	digits := strings.TrimLeft(rest, "0123456789")
	return len(digits) < len(rest) && strings.HasPrefix(digits, ":")
}
