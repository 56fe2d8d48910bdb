package plugin

import (
	"errors"
	"strings"

	"telegraf-rtnetlink/luahooks"
)

// OptionError says what is wrong with an option, in one line that names it, its
// value and what it may be.
type OptionError struct {
	Key string // as in the configuration
	Lua int    // the [[inputs.rtnetlink.lua]] table that it is in, from 1; 0: none
	err error
}

// Error implements error.
func (e *OptionError) Error() string { return e.err.Error() }

// Unwrap returns what is behind it, for errors.Is.
func (e *OptionError) Unwrap() error { return e.err }

// optionErrors returns an *OptionError for each of the joined errors of
// validate, whose text begins with the option.
func optionErrors(err error) (out []error) {
	for _, e := range flatten(err) {
		var known *OptionError
		if !errors.As(e, &known) {
			key, _, _ := strings.Cut(e.Error(), ":")
			e = &OptionError{Key: key, err: e}
		}
		out = append(out, e)
	}
	return out
}

// flatten returns the errors that errors.Join has joined, at any depth.
func flatten(err error) (out []error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// Check looks at the configuration and the scripts as Init does, but returns
// everything that is wrong: an *OptionError for each option, and for each
// script, those of patterns included, an error that names file and line. It
// starts nothing and needs no network. What scripts say while they load, and
// the advice on them, goes to Log.
func (r *RTNetlink) Check() []error {
	r.loadNames()
	set, err := r.validate()
	out := optionErrors(err)
	set.strict = true
	set.lua = loadable(set.lua, out)
	return append(out, tryScripts(set, r.logger())...)
}

// loadable returns the scripts whose options are right.
func loadable(scripts []luahooks.Config, wrong []error) (out []luahooks.Config) {
	bad := make(map[int]bool)
	for _, err := range wrong {
		var option *OptionError
		if errors.As(err, &option) {
			bad[option.Lua] = true
		}
	}
	for i, c := range scripts {
		if !bad[i+1] {
			out = append(out, c)
		}
	}
	return out
}
