package plugin

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/influxdata/telegraf/config"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// settings is a checked configuration. The zero value is of no use; validate
// makes it, and nothing changes it afterwards.
type settings struct {
	namespace.Config

	interfaces []string // patterns of the links to report, empty: all

	rate        int // events per second, 0: no cap
	undelivered int // metrics on their way to the outputs, > 0

	linkStatistics bool
	previousValues bool
	interfaceInfo  bool   // tags ifalias and master of rtnetlink_interface
	stateFile      string // empty: no state is kept over a restart

	lua     []luahooks.Config
	strict  bool // every script has to load
	noState bool // nobody keeps the scripts' state but stateFile

	filterWords []string // what the options keep out, in words
	version     string   // of the program
}

// Bounds that keep a slip of the pen from doing harm. The kernel doubles a
// receive buffer and holds it in an int (socket(7), SO_RCVBUF).
const (
	minReceiveBuffer = 64 << 10
	maxReceiveBuffer = 1 << 30
	minQueueLimit    = 1 << 20
	minAudit         = time.Second
	minSnapshot      = time.Second
)

// validate checks the options and returns them resolved. The error joins an
// *OptionError for each option that is wrong.
func (r *RTNetlink) validate() (*settings, error) {
	s := &settings{
		Config: namespace.Config{
			ReceiveBuffer: int(r.ReceiveBuffer), QueueLimit: int(min(r.QueueLimit, math.MaxInt)),
			Audit: time.Duration(r.AuditInterval), Snapshot: time.Duration(r.SnapshotInterval),
			SnapshotSlice: 256, Reason: namespace.ReasonStart,
		},
		rate: r.MaxEventsPerSecond, undelivered: r.MaxUndelivered,
		linkStatistics: r.LinkStatistics, previousValues: r.PreviousValues, interfaceInfo: r.InterfaceInfo,
		stateFile:  r.StateFile,
		interfaces: r.Interfaces, filterWords: r.filterWords(), version: cmp.Or(r.Version, buildVersion()),
		strict: r.Strict, noState: r.NoState,
	}
	return s, errors.Join(r.resolveObjects(s), r.resolveFilters(s), checkPatterns(r.Interfaces), r.checkNumbers(),
		r.resolveNetns(s), r.checkStateFile(), r.resolveLua(s))
}

func (r *RTNetlink) resolveObjects(s *settings) error {
	var noObjects, inObjects, inUntracked, inInitial error
	if len(r.Objects) == 0 {
		noObjects = fmt.Errorf("objects: empty, name at least one of %s", strings.Join(rtnl.Names(), ", "))
	}
	s.Objects, inObjects = parseObjects("objects", r.Objects)
	s.Untracked, inUntracked = parseObjects("untracked", r.Untracked)
	s.Initial, inInitial = parseObjects("initial_events", r.InitialEvents)
	// Of what leaves no state there is none to be without, and none to tell first.
	if inInitial == nil && s.Initial != 0 && s.Initial&rtnl.Stateful() == 0 {
		inInitial = fmt.Errorf("initial_events: %q leaves no state, so that there is none at the start; name other classes, or none", r.InitialEvents[0])
	}
	stateful := s.Objects & rtnl.Stateful()
	s.Untracked &= stateful
	s.Initial &= stateful
	return errors.Join(noObjects, inObjects, inUntracked, inInitial)
}

func (r *RTNetlink) resolveFilters(s *settings) error {
	var inTables, inProtocols, inFamilies error
	s.Tables, inTables = parseAll("route_tables", r.RouteTables, tableIDs, tableChoices)
	s.Protocols, inProtocols = parseAll("route_protocols", r.RouteProtocols, event.ProtocolIDs, protocolChoices)
	s.Families, inFamilies = parseAll("families", r.Families, familyIDs, event.FamilyNames)
	return errors.Join(inTables, inProtocols, inFamilies)
}

func (r *RTNetlink) checkNumbers() error {
	return errors.Join(r.checkSizes(), r.checkRate(), r.checkUndelivered(), r.checkAudit(), r.checkSnapshot())
}

func (r *RTNetlink) checkSizes() error {
	var buffer, queue error
	if r.ReceiveBuffer < minReceiveBuffer || r.ReceiveBuffer > maxReceiveBuffer {
		buffer = fmt.Errorf("receive_buffer: %d bytes, want 64KiB to 1GiB", r.ReceiveBuffer)
	}
	if r.QueueLimit < minQueueLimit {
		queue = fmt.Errorf("queue_limit: %d bytes, want 1MiB or more", r.QueueLimit)
	}
	return errors.Join(buffer, queue)
}

func (r *RTNetlink) checkRate() error {
	if r.MaxEventsPerSecond < 0 {
		return fmt.Errorf("max_events_per_second: %d, want 0 (no cap) or more", r.MaxEventsPerSecond)
	}
	return nil
}

func (r *RTNetlink) checkUndelivered() error {
	if r.MaxUndelivered < 1 {
		return fmt.Errorf("max_undelivered_messages: %d, want 1 or more, and no less than Telegraf's metric_batch_size", r.MaxUndelivered)
	}
	return nil
}

func (r *RTNetlink) checkAudit() error {
	if r.AuditInterval != 0 && r.AuditInterval < config.Duration(minAudit) {
		return fmt.Errorf("audit_interval: %s, want 0s (no audit) or 1s and more", time.Duration(r.AuditInterval))
	}
	return nil
}

func (r *RTNetlink) checkSnapshot() error {
	if r.SnapshotInterval != 0 && r.SnapshotInterval < config.Duration(minSnapshot) {
		return fmt.Errorf("snapshot_interval: %s, want 0s (no snapshots) or 1s and more", time.Duration(r.SnapshotInterval))
	}
	return nil
}

func (r *RTNetlink) resolveNetns(s *settings) error {
	if s.AllNetns = slices.Contains(r.Netns, "*"); s.AllNetns {
		for _, name := range r.Netns {
			if name != "*" && name != ownNetns {
				return fmt.Errorf(`netns: "*" stands for every namespace of %s; beside it only "." has a place, for the own one: remove %q`, NetnsDir, name)
			}
		}
	}
	for _, name := range r.Netns {
		if name == "*" {
			continue
		}
		ns := namespace.Place{Name: name, Path: name}
		if name == ownNetns {
			ns = namespace.Place{}
		} else if !strings.Contains(name, "/") {
			ns.Path = filepath.Join(NetnsDir, name)
		}
		if slices.Contains(s.Netns, ns) {
			return fmt.Errorf("netns: %q is named twice", name)
		}
		if ns.Path == "" {
			s.Netns = append(s.Netns, ns)
			continue
		}
		if info, err := os.Stat(ns.Path); err != nil || info.IsDir() {
			return fmt.Errorf(`netns: unknown namespace %q: no file %s (choices: %s, a path, "*" for all of them, "." for the own one)`,
				name, ns.Path, netnsChoices())
		}
		s.Netns = append(s.Netns, ns)
	}
	return nil
}

// ownNetns stands for the namespace that the process runs in. It has no tag.
const ownNetns = "."

// NetnsDir is where ip-netns(8) keeps named namespaces.
const NetnsDir = namespace.Dir

func netnsChoices() string {
	entries, err := os.ReadDir(NetnsDir)
	if err != nil || len(entries) == 0 {
		return "none in " + NetnsDir
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, ", ")
}

func (r *RTNetlink) checkStateFile() error {
	if r.StateFile == "" {
		return nil
	}
	dir := filepath.Dir(r.StateFile)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("state_file: %q: %s is no directory, create it", r.StateFile, dir)
	}
	return nil
}

// filterWords says what the options keep out.
func (r *RTNetlink) filterWords() (words []string) {
	for _, f := range []struct {
		option string
		values []string
	}{
		{"interfaces", r.Interfaces}, {"families", r.Families}, {"route_tables", r.RouteTables}, {"route_protocols", r.RouteProtocols},
	} {
		if len(f.values) > 0 {
			words = append(words, fmt.Sprintf("%s other than %s", f.option, strings.Join(f.values, ", ")))
		}
	}
	return words
}
