package metric

// clock makes timestamps unique and rising, over all metrics of an instance:
// InfluxDB keeps one of two points with the same series and time. The zero
// value is ready for use.
type clock struct{ wall, last int64 }

// stamp returns the timestamp for an event that happened at wall, in ns since
// the epoch: wall itself, if that is later than all stamps before. Otherwise,
// since several events came in one datagram or the system's clock was set back,
// the stamps go on from the last one at half the speed of the clock (at least
// 1 ns each) until the clock has caught up.
func (c *clock) stamp(wall int64) int64 {
	step := max(1, (wall-c.wall)/2)
	c.wall = wall
	c.last = max(wall, c.last+step)
	return c.last
}
