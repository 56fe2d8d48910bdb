package plugin

import (
	"fmt"

	"telegraf-rtnetlink/luahooks"
)

// hookTotals sums up what the scripts did, for rtnetlink_internal.
func hookTotals(scripts []luahooks.ScriptStats) map[string]int64 {
	var sum luahooks.ScriptStats
	var calls, dropped int64
	for _, st := range scripts {
		sum.Errors += st.Errors
		sum.Kills += st.Kills
		sum.Lookups += st.Lookups
		sum.LookupsNone += st.LookupsNone
		for _, h := range st.Hooks {
			calls += h.Calls
			dropped += h.Dropped
		}
	}
	return map[string]int64{
		"hook_calls": calls, "hook_dropped": dropped, "hook_errors": sum.Errors, "hook_kills": sum.Kills,
		"hook_lookups": sum.Lookups, "hook_lookups_failed": sum.LookupsNone,
	}
}

// scriptReadings returns rtnetlink_script and rtnetlink_hook.
func scriptReadings(scripts []luahooks.ScriptStats) (list []reading) {
	for i := range scripts {
		list = append(list, scriptReading(&scripts[i]))
		list = append(list, hookReadings(&scripts[i])...)
	}
	return list
}

func scriptReading(s *luahooks.ScriptStats) reading {
	suspended := int64(0)
	if s.Suspended {
		suspended = 1
	}
	return reading{name: "rtnetlink_script", tags: map[string]string{"script": s.Script}, fields: map[string]any{
		"suspended": suspended, "loads": s.Loads, "load_errors": s.LoadErrors,
		"errors": s.Errors, "kills": s.Kills, "emitted": s.Emitted,
		"memory_bytes": s.Memory, "state_entries": s.States, "state_evictions": s.Evictions, "timers": s.Timers,
		"lookups": s.Lookups, "lookups_failed": s.LookupsNone,
		"exec_run": s.ExecRun, "exec_limited": s.ExecLimited, "exec_failed": s.ExecFailed,
		"tags_folded": s.TagsFolded, "log_dropped": s.LogDropped,
	}}
}

// hookReadings counts hooks that one line registers for one class, as in a loop,
// together: their metrics would be one series.
func hookReadings(s *luahooks.ScriptStats) (list []reading) {
	at := make(map[[2]string]map[string]any)
	for _, h := range s.Hooks {
		key := [2]string{fmt.Sprintf("%s:%d", h.File, h.Line), h.Object}
		if at[key] == nil {
			at[key] = make(map[string]any)
			list = append(list, reading{name: "rtnetlink_hook", counter: true, fields: at[key],
				tags: map[string]string{"script": s.Script, "hook": key[0], "object": key[1]}})
		}
		for name, n := range map[string]int64{
			"calls": h.Calls, "filtered": h.Filtered, "dropped": h.Dropped, "errors": h.Errors,
			"sampled": h.Sampled, "sampled_ns": int64(h.Time),
		} {
			sum, _ := at[key][name].(int64)
			at[key][name] = sum + n
		}
	}
	return list
}
