package emit

import (
	"cmp"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/model"
)

// How many values a tag of a measurement has unless the configuration says otherwise,
// and how many such tags a script.
const (
	DefaultMaxTags = 1000
	maxTagSets     = 1000 // of one script
)

// folded stands for the values of a tag over the limit: a database keeps an
// index of every value that a tag ever had.
const folded = "other"

// Kept is what a script's metrics keep over reloading: the types of fields, the values
// of tags, and counters.
type Kept struct {
	Emitted    int64 // metrics
	TagsFolded int64 // tag values replaced by "other"
	account    *account.Account
	maxTags    int
	tags       map[tagID]*tagSet
	kinds      map[string]*Kind
	counters   map[string]*Counter
	metric     model.Metric // reused
}

// New returns nothing yet. A tag of a measurement has maxTags values at most, 1,000
// if that is 0; the account is of all that is kept.
func New(maxTags int, a *account.Account) *Kept {
	return &Kept{
		account: a, maxTags: cmp.Or(maxTags, DefaultMaxTags),
		tags: map[tagID]*tagSet{}, counters: map[string]*Counter{}, kinds: map[string]*Kind{},
	}
}

// Fold returns a tag's value as it is sent: "other" if the tag of the measurement has
// had too many different ones, or the value is too long.
func (k *Kept) Fold(measurement, key, value string) string {
	return k.tagSet(measurement, key).fold(value)
}

type tagID struct{ measurement, key string }

// tagSet is the values of one tag of one measurement.
type tagSet struct {
	kept *Kept
	max  int
	seen map[string]struct{}
}

// tagSet returns the set for a tag of a measurement. Over a number of sets that
// no honest script has, all tags share one that folds everything.
func (k *Kept) tagSet(measurement, key string) *tagSet {
	id := tagID{measurement, key}
	if s := k.tags[id]; s != nil {
		return s
	}
	s := &tagSet{kept: k, max: k.maxTags, seen: map[string]struct{}{}}
	if len(k.tags) >= maxTagSets || !k.account.Take(len(measurement)+len(key)+2*account.Overhead) {
		s.max = 0
		return s
	}
	k.tags[tagID{strings.Clone(measurement), strings.Clone(key)}] = s
	return s
}

// MaxTagLen bounds a tag's value in bytes: databases keep an index of them.
const MaxTagLen = 1 << 10

// fold returns value, or "other" if the tag has had too many different ones, or
// the value is too long.
func (s *tagSet) fold(value string) string {
	if _, ok := s.seen[value]; ok {
		return value
	}
	value = arg.Clean(value)
	if _, ok := s.seen[value]; ok {
		return value
	}
	if len(s.seen) >= s.max || len(value) > MaxTagLen || !s.kept.account.Take(len(value)+account.Overhead) {
		s.kept.TagsFolded++
		return folded
	}
	value = strings.Clone(value) // which may be a part of a long text
	s.seen[value] = struct{}{}
	return value
}
