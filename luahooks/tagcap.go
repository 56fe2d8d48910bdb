package luahooks

import (
	"strings"

	"telegraf-rtnetlink/luahooks/internal/account"
)

const (
	defaultMaxTags = 1000
	maxTagSets     = 1000 // of one script
)

// folded stands for the values of a tag over the limit: a database keeps an
// index of every value that a tag ever had.
const folded = "other"

// tagLimiter knows the values of the tags that a script sets.
type tagLimiter struct {
	script *script
	max    int
	sets   map[tagID]*tagSet
}

type tagID struct{ measurement, key string }

// tagSet is the values of one tag of one measurement.
type tagSet struct {
	limiter *tagLimiter
	max     int
	seen    map[string]struct{}
}

// set returns the set for a tag of a measurement. Over a number of sets that
// no honest script has, all tags share one that folds everything.
func (l *tagLimiter) set(measurement, key string) *tagSet {
	id := tagID{measurement, key}
	if s := l.sets[id]; s != nil {
		return s
	}
	s := &tagSet{limiter: l, max: l.max, seen: map[string]struct{}{}}
	if l.sets == nil {
		l.sets = map[tagID]*tagSet{}
	}
	if len(l.sets) >= maxTagSets || !l.script.native.Take(len(measurement)+len(key)+2*account.Overhead) {
		s.max = 0
		return s
	}
	l.sets[tagID{strings.Clone(measurement), strings.Clone(key)}] = s
	return s
}

func (l *tagLimiter) fold(measurement, key, value string) string {
	return l.set(measurement, key).fold(value)
}

// maxTagLen bounds a tag's value in bytes: databases keep an index of them.
const maxTagLen = 1 << 10

// fold returns value, or "other" if the tag has had too many different ones, or
// the value is too long.
func (s *tagSet) fold(value string) string {
	if _, ok := s.seen[value]; ok {
		return value
	}
	value = cleanText(value)
	if _, ok := s.seen[value]; ok {
		return value
	}
	if len(s.seen) >= s.max || len(value) > maxTagLen || !s.limiter.script.native.Take(len(value)+account.Overhead) {
		s.limiter.script.stats.TagsFolded++
		return folded
	}
	value = strings.Clone(value) // which may be a part of a long text
	s.seen[value] = struct{}{}
	return value
}
