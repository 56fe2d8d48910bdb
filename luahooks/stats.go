package luahooks

// Stats returns what each script and hook did, in order.
func (r *Runtime) Stats() []ScriptStats {
	var out []ScriptStats
	for _, s := range r.loads.scripts() {
		st := s.stats
		st.Emitted, st.TagsFolded = s.metrics.Emitted, s.metrics.TagsFolded
		st.States = int64(s.states.Len())
		st.Evictions = s.states.Evictions
		if s.in != nil {
			st.Timers = int64(len(s.in.timers))
			for _, h := range s.in.registry.hooks {
				st.Hooks = append(st.Hooks, h.stats)
			}
		}
		out = append(out, st)
	}
	return out
}
