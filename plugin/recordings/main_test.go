package recordings

import (
	"flag"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

var (
	update    = flag.Bool("update", false, "write what the replays give into the files that they are compared with")
	recording = flag.Bool("record", false, "play the scenarios and store new recordings, then as -update")
)

// Where recordings are stored.
const (
	recordingsDir = "../../testdata/recordings"
	scriptsDir    = "../../testdata/scripts"
)

func TestMain(m *testing.M) { nstest.Main(m) }
