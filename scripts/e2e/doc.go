// Package e2e tests the input end to end with the real parts: a Telegraf, both
// stock with inputs.execd and with the input compiled in, and an InfluxDB.
//
// The tests run with RTNETLINK_E2E=1 and are skipped otherwise:
//
//	RTNETLINK_E2E=1 go test ./scripts/e2e
//
// They need Go with a module proxy (to build Telegraf), influxd 1.x and iproute2,
// and no privileges: everything runs in a user and network namespace of its
// own, on that namespace's loopback. RTNETLINK_E2E_BIN names a directory to
// leave the built programs in.
package e2e
