package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
)

func TestLogLinesStartWithTheirLevel(t *testing.T) {
	var out bytes.Buffer
	l := newLogger(&out, telegraf.Trace)
	l.Errorf("%d", 1)
	l.Warnf("%d", 2)
	l.Infof("%d", 3)
	l.Debugf("%d", 4)
	l.Tracef("%d", 5)
	l.Error("a ", 6)
	_, err := l.Write([]byte("D! [serializers.influx] seven\n"))
	require.NoError(t, err)
	_, err = l.Write([]byte("eight\n"))
	require.NoError(t, err)
	require.Equal(t, `E! [inputs.rtnetlink] 1
W! [inputs.rtnetlink] 2
I! [inputs.rtnetlink] 3
D! [inputs.rtnetlink] 4
T! [inputs.rtnetlink] 5
E! [inputs.rtnetlink] a 6
D! [inputs.rtnetlink] [serializers.influx] seven
I! [inputs.rtnetlink] eight
`, out.String())
}

func TestLogLevelHidesTheLessSevere(t *testing.T) {
	var out bytes.Buffer
	l := newLogger(&out, telegraf.Warn)
	l.Info("no")
	l.Debugf("%s", "no")
	_, _ = l.Write([]byte("I! no\n"))
	l.Warn("yes")
	require.Equal(t, "W! [inputs.rtnetlink] yes\n", out.String())
}

func TestAHostileNameIsOneHarmlessLine(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"line breaks":    {"a\nE! b\r\n", `a\nE! b\r`},
		"escapes":        {"\x1b[31m\x00\u200b", `\x1b[31m\x00\u200b`},
		"invalid UTF-8":  {"\xff\xfe", "\uFFFD"},
		"other scripts":  {"сеть-網路", "сеть-網路"},
		"too long":       {strings.Repeat("é", maxLine), strings.Repeat("é", maxLine/2) + " …"},
		"trailing break": {"text\n", "text"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, printable(tt.in)) })
	}
}
