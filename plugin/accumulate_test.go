package plugin

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	"github.com/influxdata/telegraf/metric"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/eventtest"
	build "telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// testMaker is an accumulator's view of an input.
type testMaker struct{}

func (testMaker) LogName() string { return "test" }
func (testMaker) MakeMetric(m telegraf.Metric) telegraf.Metric {
	if v, _ := m.GetTag("instance"); v != "named" {
		m.RemoveTag("instance") // the tests of a process run side by side
	}
	return m
}
func (testMaker) Log() telegraf.Logger { return nil }

func testMetric() telegraf.Metric {
	return metric.New("m", nil, map[string]any{"v": int64(1)}, time.Unix(0, 0))
}

func TestSenderWaitsForOutputs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agentChannel := make(chan telegraf.Metric, 100)
		s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 3, 0, nil)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			for range 10 {
				s.send(testMetric())
			}
		}()
		for range 9 {
			synctest.Wait()
			require.LessOrEqual(t, len(agentChannel), 3, "more on their way than allowed")
			(<-agentChannel).Accept()
		}
		(<-agentChannel).Drop()
		<-sent
		require.EqualValues(t, 10, s.sent)
		require.True(t, s.waitForOutputs(1))
	})
}

// TestSenderWaitsForLongTexts: a metric of a script may be as large as thousands.
func TestSenderWaitsForLongTexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agentChannel := make(chan telegraf.Metric, 100)
		s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 10, 0, nil)
		s.scripts = true
		sizes := []int{0, 7 * heavyPart, 100 * heavyPart, heavyPart, 0}
		go func() {
			for _, size := range sizes {
				s.send(metric.New("m", nil, map[string]any{"v": strings.Repeat("x", size)}, time.Unix(0, 0)))
			}
		}()
		for _, together := range []int{2, 1, 1, 2, 1} { // 1 + 8; 8; 101; 2 + 1; 1
			synctest.Wait()
			require.Len(t, agentChannel, together)
			(<-agentChannel).Accept()
		}
		synctest.Wait()
		require.True(t, s.waitForOutputs(9))
		require.Empty(t, s.heavy)
	})
}

func TestSenderCountsWhatTelegrafDropped(t *testing.T) {
	agentChannel := make(chan telegraf.Metric, 100)
	s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 1, 0, nil)
	s.send(testMetric())
	(<-agentChannel).Reject()
	s.send(testMetric())
	(<-agentChannel).Accept()
	s.send(testMetric())
	require.EqualValues(t, 1, s.lost)
}

func TestSenderDoesNotWaitOnceItIsDone(t *testing.T) {
	agentChannel := make(chan telegraf.Metric, 100)
	done := make(chan struct{})
	s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 2, 1, done)
	close(done)
	for range 50 {
		s.send(testMetric())
	}
	require.Len(t, agentChannel, 50)
	for range 50 {
		(<-agentChannel).Accept() // must not panic with a full tracking channel
	}
}

func TestSenderIsFreedByDoneWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agentChannel := make(chan telegraf.Metric, 100)
		done := make(chan struct{})
		s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 1, 0, done)
		s.send(testMetric())
		freed := make(chan struct{})
		go func() { defer close(freed); s.send(testMetric()) }()
		synctest.Wait()
		require.Len(t, agentChannel, 1)
		close(done)
		<-freed
		require.Len(t, agentChannel, 2)
	})
}

func TestSenderKeepsTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agentChannel := make(chan telegraf.Metric, 20000)
		s := newSender(agent.NewAccumulator(testMaker{}, agentChannel), 20000, 1000, nil)
		start, moments := time.Now(), map[time.Time]bool{}
		for range 10000 {
			s.send(testMetric())
			moments[time.Now()] = true
		}
		require.InDelta(t, 9.9, time.Since(start).Seconds(), 0.05, "10,000 at 1,000 a second, 100 of them at once")
		require.EqualValues(t, 9900, s.limited)
		require.InDelta(t, 990, len(moments), 1, "it wakes up 100 times a second, not for each")
	})
}

func TestSenderKeepsNanoseconds(t *testing.T) {
	agentChannel := make(chan telegraf.Metric, 1)
	acc := agent.NewAccumulator(testMaker{}, agentChannel)
	acc.SetPrecision(time.Second)
	m := testMetric()
	m.SetTime(time.Unix(1, 234567891))
	newSender(acc, 1, 0, nil).send(m)
	require.Equal(t, time.Unix(1, 234567891), (<-agentChannel).Time())
}

// atOnce is an accumulator that is through with a metric when it returns.
type atOnce struct {
	telegraf.Accumulator
	took []string
}

func (a *atOnce) AddNow(m telegraf.Metric) {
	var s influx.Serializer
	text, err := s.Serialize(m)
	a.took = append(a.took, fmt.Sprint(string(text), err))
}

// An accumulator that takes metrics at once gets them so, however many there are, and
// is asked to track none.
func TestSenderHandsOverAtOnceWhereItCan(t *testing.T) {
	acc := &atOnce{Accumulator: agent.NewAccumulator(testMaker{}, make(chan telegraf.Metric))}
	s := newSender(acc, 1, 0, nil)
	s.instance = "b"
	b := build.New(false)
	b.Lend()
	for range 3 {
		s.send(b.Event(eventtest.Change(rtnl.Link, nil, eventtest.LinkBody("eth0", "", 1500))))
	}
	require.Len(t, acc.took, 3)
	require.Contains(t, acc.took[2], "rtnetlink_link,action=new,instance=b,interface=eth0")
	require.Zero(t, s.onTheWay)
	require.EqualValues(t, 3, s.sent)
}
