package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"telegraf-rtnetlink/plugin/history/source"
)

// timeForms says what a TIME may look like.
const timeForms = `2026-11-26T14:03:00Z, "2026-11-26 14:03", 14:03, seconds, ms, µs or ns since the epoch, "10m ago", "yesterday 14:00", now`

// localForms are times of day in the local time zone.
var localForms = []string{"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"}

var ago = regexp.MustCompile(`^([0-9.]+) ?(ns|us|µs|ms|s|m|h|d|w|sec|second|seconds|min|minute|minutes|hour|hours|day|days|week|weeks) ago$`)

// units are the words that time.ParseDuration does not know.
var units = map[string]time.Duration{"sec": time.Second, "second": time.Second, "seconds": time.Second, "min": time.Minute,
	"minute": time.Minute, "minutes": time.Minute, "hour": time.Hour, "hours": time.Hour, "d": 24 * time.Hour,
	"day": 24 * time.Hour, "days": 24 * time.Hour, "w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour}

// parseTime reads a TIME as of now, in ns since the epoch.
func parseTime(s string, now time.Time) (int64, error) {
	text := strings.Join(strings.Fields(s), " ")
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UnixNano(), nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return source.Nanoseconds(n), nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f > 0 && f < 1e11 {
		return int64(f*1e6) * 1e3, nil
	}
	for _, form := range localForms {
		if at, err := time.ParseInLocation(form, text, now.Location()); err == nil {
			return at.UnixNano(), nil
		}
	}
	return relativeTime(text, now)
}

// relativeTime reads a TIME that depends on now.
func relativeTime(text string, now time.Time) (int64, error) {
	if text == "now" {
		return now.UnixNano(), nil
	}
	if m := ago.FindStringSubmatch(text); m != nil {
		if unit, ok := units[m[2]]; ok {
			if n, err := strconv.ParseFloat(m[1], 64); err == nil {
				return now.Add(-time.Duration(n * float64(unit))).UnixNano(), nil
			}
		} else if d, err := time.ParseDuration(m[1] + m[2]); err == nil {
			return now.Add(-d).UnixNano(), nil
		}
	}
	if d, err := time.ParseDuration(strings.TrimSuffix(text, " ago")); err == nil && d >= 0 && strings.HasSuffix(text, " ago") {
		return now.Add(-d).UnixNano(), nil // 1h30m ago
	}
	day, clock, both := strings.Cut(text, " ")
	switch {
	case day == "yesterday":
		now = now.AddDate(0, 0, -1)
	case day != "today":
		clock, both = text, true
	}
	if !both {
		clock = "00:00"
	}
	for _, form := range []string{"15:04:05.999999999", "15:04"} {
		if at, err := time.Parse(form, clock); err == nil {
			return time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), now.Location()).UnixNano(), nil
		}
	}
	return 0, fmt.Errorf("%q is no time; use %s", text, timeForms)
}
