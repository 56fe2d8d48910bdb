package plugin

import (
	"time"

	"github.com/influxdata/telegraf"
	"golang.org/x/time/rate"
)

// sender hands event metrics to Telegraf, no faster than the cap and Telegraf's
// outputs allow; what piles up meanwhile is the queue's. It is used by the
// owner goroutine alone.
//
// An output's buffer drops its oldest metric when it is full and never pushes
// back. So each metric is tracked, and send waits while as many as allowed are
// on their way to the outputs.
type sender struct {
	acc      telegraf.TrackingAccumulator
	now      immediate       // acc, if it takes metrics at once; nil: it does not
	instance string          // the tag of everything, empty for none
	done     <-chan struct{} // closed: send does not wait any more

	most     int                         // metrics on their way, the capacity of the tracking channel
	onTheWay int                         // not more metrics than most, or the accumulator panics
	scripts  bool                        // which may write long texts
	heavy    map[telegraf.TrackingID]int // metrics on their way that count as several

	cap   *rate.Limiter // nil: no cap
	timer *time.Timer

	sent    int64
	limited int64 // metrics that came faster than the cap
	lost    int64 // metrics that Telegraf reported as not delivered
}

// immediate is an accumulator that is through with a metric when AddNow returns, and
// calls no more of it than Name, TagList, FieldList and Time. AddNow waits while the
// output takes nothing. The program's own is one (cmd/telegraf-rtnetlink); Telegraf
// keeps what it is given.
type immediate interface{ AddNow(m telegraf.Metric) }

// newSender returns a sender that has at most undelivered metrics on their way
// and sends at most perSecond (0: no cap). When done is closed it stops to
// wait, so that what is pending goes out at once. It lifts a `precision` that
// the user set on the input: rounded, events would share timestamps.
func newSender(acc telegraf.Accumulator, undelivered, perSecond int, done <-chan struct{}) *sender {
	acc.SetPrecision(time.Nanosecond)
	s := &sender{acc: acc.WithTracking(undelivered), done: done, most: undelivered, heavy: make(map[telegraf.TrackingID]int)}
	s.now, _ = acc.(immediate)
	if perSecond > 0 {
		// A tenth of a second may come at once: far less than what the buffer
		// of an output holds.
		s.cap = rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/10))
		s.timer = time.NewTimer(0)
	}
	return s
}

// send passes m on. It blocks while the cap or the outputs hold it back.
func (s *sender) send(m telegraf.Metric) {
	if s.instance != "" {
		m.AddTag("instance", s.instance)
	}
	s.sent++
	s.waitForCap()
	if s.now != nil {
		s.now.AddNow(m)
		return
	}
	n := 1
	if s.scripts {
		n = weight(m)
	}
	if !s.waitForOutputs(n) {
		s.acc.AddMetric(m)
		return
	}
	id := s.acc.AddTrackingMetric(m)
	s.onTheWay += n // not if that panics
	if n > 1 {
		s.heavy[id] = n
	}
}

// heavyPart is how many bytes of texts count as one metric on its way: 256 fields of
// 64 KiB that a script writes are 16 MiB, and thousands of such metrics the machine's
// memory.
const heavyPart = 16 << 10

func weight(m telegraf.Metric) int {
	bytes := 0
	for _, t := range m.TagList() {
		bytes += len(t.Value)
	}
	for _, f := range m.FieldList() {
		if s, ok := f.Value.(string); ok {
			bytes += len(s)
		}
	}
	return 1 + bytes/heavyPart
}

// capStep is the shortest wait for the cap. What is due sooner goes out at once
// and on account of the next wait: a timer for each metric takes more of the
// machine than the metrics.
const capStep = 10 * time.Millisecond

func (s *sender) waitForCap() {
	if s.cap == nil {
		return
	}
	delay := s.cap.Reserve().Delay()
	if delay > 0 {
		s.limited++
	}
	if delay < capStep {
		return
	}
	s.timer.Reset(delay)
	select {
	case <-s.timer.C:
	case <-s.done:
	}
}

// waitForOutputs waits until a metric that counts as n may be tracked, however many
// that are once nothing else is on its way. It returns false if done is closed before
// that.
func (s *sender) waitForOutputs(n int) bool {
	if s.onTheWay+n <= s.most {
		return true
	}
	for s.onTheWay > 0 && s.onTheWay+n > s.most {
		select {
		case d := <-s.acc.Delivered():
			s.delivered(d)
		case <-s.done:
			return false
		}
	}
	for {
		select {
		case d := <-s.acc.Delivered():
			s.delivered(d)
		default:
			return true
		}
	}
}

func (s *sender) delivered(d telegraf.DeliveryInfo) {
	s.onTheWay -= max(1, s.heavy[d.ID()])
	delete(s.heavy, d.ID())
	if !d.Delivered() {
		s.lost++
	}
}
