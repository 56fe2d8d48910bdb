package luahooks

// Flush emits the counters and gauges, and writes the state file if it is
// time. Call it at each interval. Of very many series the rest comes with the
// next calls of Poll; Next says so.
func (r *Runtime) Flush() {
	r.flushed = r.now().UnixNano()
	for _, s := range r.loads.scripts() {
		if s.in == nil {
			continue
		}
		s.in.metrics.Begin()
	}
	r.flush()
	r.measureAll()
	r.measureSome(20 * measureStep)
	r.settle()
	if err := r.file.SaveLater(r.now(), func() any { return r.State() }); err != nil {
		r.log(LevelError, "state file: "+err.Error())
	}
}

// flushAtOnce is how many series are emitted before events are looked at again.
const flushAtOnce = 2000

// flush goes on with what Flush has begun.
func (r *Runtime) flush() {
	left := flushAtOnce
	r.flushing = false
	for _, s := range r.loads.scripts() {
		if s.in == nil {
			continue
		}
		done, more := s.in.metrics.Flush(r.flushed, left)
		left -= done
		r.flushing = r.flushing || more
	}
}
