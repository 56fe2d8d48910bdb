package docs

// untried are the blocks that are not run here: the tests have them, or why
// nothing can.
var untried = []struct {
	block string
	tests []string
	why   string
}{
	{block: "README.md: go test ./...", why: "it is the last step of .ci/run"},
	{block: "README.md: go mod edit -require telegraf-rtnetlink@v0.0.0 -replace telegraf-rtnetlink=/path", tests: []string{"TestTheModuleOfTheReadme"}},
	{block: "README.md: go get", why: "the text says that it does not work"},
	{block: "README.md: scripts/package/build DIR", tests: []string{"scripts/package/check"}},
	{block: "README.md: apt install ./telegraf-rtnetlink_*_amd64.deb", why: "with dpkg, which needs no network", tests: []string{"scripts/package/check"}},
	{block: "README.md: CGO_ENABLED=0 go build ./cmd/telegraf-rtnetlink", tests: []string{"scripts/package/check"}},
	{block: "README.md: [[inputs.execd]]", tests: []string{"TestTheConfigurationOfExecdIsThatOfThePackages", "TestDashboardQueries"}},
	{block: "README.md: local nl = require \"rtnetlink\"", tests: []string{"TestTheScriptOfTheReadme"}},
	{block: "README.md: kernel ──▶ one socket ──▶ mirror ──▶ event ──▶ Lua hooks ──▶ metric ──▶ Telegraf", why: "a picture"},
	{block: "README.md: kernel ──▶ rtnl ──▶ namespace ──▶ mirror ──▶ event ──▶ luahooks ──▶ metric ──▶ T", why: "a picture"},
	{block: "README.md: luahooks/choices", tests: []string{"TestReadmeShowsTheImports"}},
	{block: "README.md: go generate ./plugin", tests: []string{"TestReadmeAgreesWithTheCode"}},
	{block: "README.md: go generate ./plugin ./plugin/internal/ddl", tests: []string{"TestReadmeAgreesWithTheCode"}},

	{block: "plugin/README.md: # Every change of links, addresses, routes, neighbors, rules and nexthops", tests: []string{"TestReadmeAgreesWithTheCode", "TestGoodConfigurationIsTaken"}},
	{block: "plugin/README.md: [[inputs.execd]]", tests: []string{"TestTheConfigurationOfExecdIsThatOfThePackages", "TestDashboardQueries"}},
	{block: "plugin/README.md: rtnetlink_link,action=change,interface=v0,kind=veth,origin=notify ifindex=3i,lin", tests: []string{"TestReadmeExamplesHaveTheFieldsThatThereAre"}},
	{block: "plugin/README.md: telegraf-rtnetlink check -config FILE", tests: []string{"TestCheckOfWhatIsRight"}},

	{block: "plugin/OPERATING.md: [agent]", tests: []string{"TestGuideShowsSettingsForBursts"}},
	{block: "plugin/OPERATING.md: go run ./scripts/bench", why: "a million routes take minutes; with fewer it is run in scripts/bench", tests: []string{"TestQuickRun"}},
	{block: "plugin/OPERATING.md: systemctl enable --now telegraf-rtnetlink", why: "needs systemd as process 1", tests: []string{"scripts/package/check"}},
	{block: "plugin/OPERATING.md: journalctl -u telegraf-rtnetlink -o cat", why: "needs systemd as process 1"},
	{block: "plugin/OPERATING.md: systemd-analyze security --offline=yes", tests: []string{"scripts/package/check"}},
	{block: "plugin/OPERATING.md: kubectl apply -k scripts/container/kubernetes", why: "needs a cluster; the directory is checked", tests: []string{"TestManifestsAreOfTheAPIsTypes"}},
	{block: "plugin/OPERATING.md: promtool test rules", tests: []string{"scripts/prometheus/check"}},
	{block: "plugin/OPERATING.md: scripts/package/build DIR", tests: []string{"scripts/package/check"}},
	{block: "plugin/OPERATING.md: telegraf-rtnetlink state", why: "the name of the command"},
	{block: "plugin/OPERATING.md: telegraf-rtnetlink test SCRIPT.lua -replay FILE.pcapng -expect FILE", tests: []string{"TestScripts"}},

	{block: "scripts/fleet/README.md: router: telegraf-rtnetlink → Telegraf (agent.conf)", why: "a picture"},
	{block: "scripts/kernels/README.md: scripts/kernels/run bullseye -- uname -r", why: "machines; run where RTNETLINK_KERNELS is set", tests: []string{"TestTheCommandRunsOnTheKernelOfTheRelease"}},
	{block: "scripts/kernels/README.md: apt-get install qemu-system-x86 busybox-static cpio kmod xz-utils zstd debian-archive-keyring", why: ".ci/run installs them"},
	{block: "scripts/kernels/README.md: RTNETLINK_FRR=DIRECTORY go test ./plugin -run Beside", why: "needs programs and sources of others, and hours", tests: []string{"TestEventsEqualTheKernelBesideFRR", "TestEventsEqualTheKernelBesideSelftests"}},
	{block: "scripts/kernels/README.md: apt-get download frr && dpkg-deb -x frr_*.deb DIRECTORY", why: "needs a network; by hand, for the tests that want FRR"},
	{block: "scripts/kernels/README.md: go test -c", why: "the name of the command"},
	{block: "scripts/sql/README.md: go generate ./plugin/internal/ddl", tests: []string{"TestScriptsAreThoseOfTheFieldTable"}},
	{block: "scripts/sql/README.md: psql -f scripts/sql/postgresql.sql postgres://…", tests: []string{"TestPostgreSQLTellsWhatTheFileTells"}},

	{block: "scripts/history.md: telegraf-rtnetlink completion bash", tests: []string{"TestCompletionKnowsEachFlag"}},
	{block: "scripts/history.md: telegraf-rtnetlink state -at \"yesterday 14:03\" /var/log/telegraf/rtnetlink*.lp*", why: "five commands over five sources",
		tests: []string{"TestTimes", "TestStateAtATime", "TestDiffAndLog", "TestInfluxDBTellsWhatTheFileTells", "TestPostgreSQLTellsWhatTheFileTells", "TestTheSliderShowsWhatStatePrints", "TestShowPrintsWhatIPPrints"}},
	{block: "scripts/history.md: telegraf-rtnetlink diff", why: "the name of the command"},
	{block: "scripts/history.md: -- B: begin of the epoch of R at T", tests: []string{"TestDocumentedQueriesOfInfluxDB"}},
	{block: "scripts/history.md: -- default route of R at T", tests: []string{"scripts/sql/check"}},
	{block: "scripts/history.md: # default route of R at T", tests: []string{"TestDocumentedQueriesOfPrometheus"}},
	{block: "scripts/history.md: // B: begin of the epoch of R at T, in ns", why: "Debian's InfluxDB has no Flux, as the text says", tests: []string{"TestDocumentedQueriesOfFlux"}},
}
