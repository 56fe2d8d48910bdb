package luahooks

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/internal/library"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/state"
)

var limitNumber = regexp.MustCompile(`\d[\d/]*(?:,\d{3})*(?: (?:MiB|KiB|bytes|ms|s)\b)?`)

// TestLimitsOfTheManualAreThoseOfTheProgram compares each number of the table.
func TestLimitsOfTheManualAreThoseOfTheProgram(t *testing.T) {
	n := func(v int) string { // 10,000
		text := fmt.Sprint(v)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
		return text
	}
	size := func(bytes int) string {
		if bytes%(1<<20) == 0 {
			return n(bytes>>20) + " MiB"
		}
		return n(bytes>>10) + " KiB"
	}
	ms := func(d time.Duration) string { return n(int(d.Milliseconds())) + " ms" }
	s := func(d time.Duration) string { return n(int(d.Seconds())) + " s" }
	want := map[string][]string{
		"time that an event waits":        {ms(defaultTimeout), n(starvedFactor)},
		"time that all scripts together":  {ms(eventLimit([]Config{{}})), "7/5"},
		"delay of an event":               {n(delayFactor), ms(delayFactor * defaultTimeout)},
		"time of loading":                 {n(longFactor)},
		"timers and callbacks that are":   {ms(pollTime)},
		"memory of a script":              {size(defaultMaxMemory), "1/" + n(nativePart)},
		"memory of all scripts together":  {n(togetherFactor), size(togetherFactor * defaultMaxMemory), "1/" + n(nativePart), size(account.Guaranteed)},
		"changes of one event's":          {n(maxEdits)},
		"fields of a metric":              {n(emit.MaxFields)},
		"names of metrics":                {n(arg.MaxName) + " bytes"},
		"texts of tags and fields":        {"8"}, // UTF-8
		"text of a field":                 {size(emit.MaxFieldLen)},
		"value of a tag":                  {size(emit.MaxTagLen)},
		"distinct values of a tag":        {n(emit.DefaultMaxTags)},
		"fields of a script's metrics":    {n(emit.MaxKinds)},
		"counters and gauges":             {n(emit.MaxCounters)},
		"series of a counter":             {n(emit.DefaultSeries)},
		"`nl.state` maps":                 {n(state.MaxMaps)},
		"entries of all maps":             {n(defaultMaxState)},
		"key of a map":                    {size(state.MaxKey), size(state.MaxValue)},
		"objects of an iterator":          {n(defaultRows)},
		"commands at a time":              {n(command.AtOnce), n(command.Queue)},
		"arguments and environment":       {size(maxExecSize), size(command.MaxStdin), size(command.MaxOutput)},
		"time of a command":               {s(command.DefaultTimeout), s(command.MaxTimeout)},
		"depth of calls":                  {n(lua51.MaxCalls), n(lua51.MaxProtected)},
		"stack":                           {n(lua51.MaxStack)},
		"local variables of a function":   {n(lua51.MaxLocals)},
		"items of a table's":              {n(lua51.MaxItems)},
		"nesting of blocks":               {n(compile.MaxNesting)},
		"script file":                     {size(files.MaxSize)},
		"a string: results":               {size(lua51.MaxString)},
		"JSON":                            {n(library.MaxJSONDepth), n(library.MaxJSONValues)},
		"Lua patterns":                    {n(lua51.PatternSteps), size(lua51.MaxString)},
		"regular expressions":             {n(library.MaxRegexp) + " bytes", size(library.MaxRESubject), n(library.MaxREProgram), n(library.MaxREMatches)},
		"pieces of `nl.str.split`":        {n(library.MaxPieces)},
		"hooks of a script":               {n(maxHooks), n(maxTimers)},
		"log line":                        {n(maxLogText) + " bytes"},
		"each line of a script at most (": {n(logBurst), n(int(math.Round(logEvery.Seconds())))},
	}
	part := manualPart(t, "Limits")
	rows := 0
	for line := range strings.SplitSeq(part, "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) < 2 || strings.HasPrefix(line, "| |") {
			continue
		}
		rows++
		title := strings.TrimPrefix(cells[0], "| ")
		found := false
		for start, numbers := range want {
			if strings.HasPrefix(title, start) {
				found = true
				require.Equal(t, numbers, limitNumber.FindAllString(cells[1], -1), title)
			}
		}
		require.True(t, found, "no constant for %q", title)
	}
	require.Equal(t, len(want)-1, rows)
	require.Contains(t, part, "script at most "+want["each line of a script at most ("][0]+" times at once, and once in "+want["each line of a script at most ("][1]+" seconds")
	require.Equal(t, []time.Duration{0, 0, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour}, suspensions, "the manual has them in words")
}
