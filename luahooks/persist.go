package luahooks

import "telegraf-rtnetlink/luahooks/internal/state"

// State is what the nl.state maps with persist = true hold: by script and map.
// It is made for encoding/json.
type State map[string]map[string][]state.Saved

// State returns the persistent state of all scripts.
func (r *Runtime) State() State {
	all := State{}
	for _, s := range r.loads.scripts() {
		if saved := s.states.Save(); len(saved) > 0 {
			all[s.name] = saved
		}
	}
	return all
}

// SetState restores what State returned. Call it before the first event.
func (r *Runtime) SetState(all State) {
	for _, s := range r.loads.scripts() {
		s.states.Load(all[s.name])
	}
}
