// Package luahooks runs Lua scripts on events: a sandboxed, time-limited hook
// layer on gopher-lua. It knows neither netlink nor Telegraf; a host passes a
// model.Schema and implements the Event, Output and Store of package model, and Host.
//
// # Use
//
//	rt, err := luahooks.New(luahooks.Options{Schema: s, Host: h, Scripts: c})
//	rt.SetState(saved)                  // optional, before the first event
//	rt.Moment(luahooks.Start)           // the mirror is complete; details may follow
//	rt.Begin()                          // around a batch of any size, one event included
//	keep := rt.Run(ev, out)             // for each event
//	rt.End()
//	rt.Poll()                           // at the time of rt.Next(), and when rt.Wake() is readable
//	rt.Flush()                          // at each interval: counters and gauges
//	rt.Reload(force)                    // now and then: pick up changed files
//	rt.Moment(luahooks.Stop)
//	saved = rt.State()
//	err = rt.Close()
//
// # Goroutines
//
// A Runtime belongs to one goroutine at a time: all methods must be called
// from it, Host and Store methods are called on it, and nothing is locked. The
// goroutines that run commands, write the state file and watch the time limit
// are internal; Close ends and joins them.
//
// # Failure
//
// Nothing a script does reaches the caller as a panic or an error. A hook that
// fails keeps the event's metric (or drops it, by Config.OnError), is counted
// and is logged with script and line. A call that exceeds the time limit is
// stopped, its script's Lua state is thrown away and built again, and a script
// that does this repeatedly is suspended for a growing time. No string that a
// script makes is longer than 1 MiB, and what a call or a script holds beyond
// Config.MaxMemory, or all scripts together, is found by measuring it.
//
// # Libraries
//
// gopher-lua runs the scripts, regexp is nl.re, encoding/json reads and quotes for
// nl.json, and github.com/gaissmai/bart is nl.ip.set. Three things are our own.
// JSON: the modules for gopher-lua decode a whole text into Go's values first, and
// bound neither depth, number nor time. LRU: nl.state bounds bytes as well as
// entries, over all maps of a script together, and the caches that there are bound
// the entries of one (github.com/hashicorp/golang-lru is under the MPL besides). Glob:
// github.com/gobwas/glob knows brackets, braces and escapes as well, which a link's
// name may contain; matching '*' and '?' takes twenty lines.
package luahooks
