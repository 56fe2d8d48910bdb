package history

import (
	"fmt"
	"slices"
	"time"
)

// Status is how much is known of a namespace at a time.
type Status uint8

// The states of knowledge. The zero value is that of a stream whose beginning
// is missing.
const (
	Headless   Status = iota // the stream begins in the midst of an epoch
	Building                 // between begin and complete
	Exact                    // the stream is the kernel's state
	Doubt                    // the plugin was late: between doubt and complete
	Gap                      // metrics are missing
	Mixed                    // another plugin writes the same stream
	Ended                    // the plugin has stopped
	Lost                     // the plugin went without an end, or its last metrics are missing
	Twice                    // the clock was set back: the time came twice
	Silent                   // nothing came from then on
	Keyless                  // rows without a key: of a version before it
	Unrecorded               // before the first metric
)

var statusWords = [...]string{"headless", "building", "exact", "doubt", "gap", "mixed", "ended", "lost", "twice", "silent", "keyless", "unrecorded"}

// String returns the status's word.
func (s Status) String() string { return statusWords[s] }

// Period is a time from From up to and including To, in ns since the epoch,
// and what is known in it.
type Period struct {
	From, To int64
	Status   Status
	Reason   string // in words; empty for Exact
}

// Verdict says how far the state of a namespace at a time can be relied on.
type Verdict struct {
	At     int64 // the time that was asked for, or that of the last row
	Status Status
	Reason string // why it is not exact: one line with times; empty for Exact
	// Since is the time of the newest row in the state, Until that of the next
	// one: between them the answer is the same. 0: there is none.
	Since, Until int64
	// Before and After are the exact times next to At: the last one before it,
	// the first one behind it. 0: there is none.
	Before, After int64
	Epoch         int64 // when the epoch began; 0: its beginning is missing
	Config        Config
}

// Config is what the plugin said about itself: which classes the stream has.
type Config struct {
	Known     bool // the begin was seen
	Objects   []string
	Untracked []string
	Initial   []string // classes whose objects were told at the beginning
	Filters   string   // what the configuration and scripts keep out, in words
	Version   string
}

// Class reports why the state of a class is not known, empty if it is.
func (v *Verdict) Class(class string) string {
	c := &v.Config
	switch {
	case !c.Known:
		return ""
	case !listed(c.Objects, class):
		return fmt.Sprintf("the stream has no %s: objects = %q", class, c.Objects)
	case c.Untracked != nil && listed(c.Untracked, class):
		return fmt.Sprintf("%s is untracked: what became of its objects is not repaired after a loss", class)
	case !listed(c.Initial, class):
		return fmt.Sprintf("%s objects that were there before are not in the stream: initial_events = %q", class, c.Initial)
	}
	return ""
}

// listed reports whether a list has class; one that is not known has all.
func listed(list []string, class string) bool {
	if list == nil {
		return true
	}
	return slices.Contains(list, class)
}

// Stamp prints a time as messages show it: RFC 3339, in UTC.
func Stamp(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.999999999Z") }

// near takes a time that is exact for one of those next to v.At.
func (v *Verdict) near(from, to int64) {
	if from <= v.At {
		v.Before = max(v.Before, min(to, v.At))
	} else if v.After == 0 || from < v.After {
		v.After = from
	}
}

// Nearby says in words when the state is exact, where it is not at v.At.
func (v *Verdict) Nearby() string {
	switch {
	case v.Before != 0 && v.After != 0:
		return fmt.Sprintf("exact up to %s and again from %s", Stamp(v.Before), Stamp(v.After))
	case v.Before != 0:
		return "exact up to " + Stamp(v.Before)
	case v.After != 0:
		return "exact from " + Stamp(v.After)
	}
	return "at no time exact"
}
