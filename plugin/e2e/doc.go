// Package e2e tests the finished programs on a real kernel, in network
// namespaces of their own: telegraf-rtnetlink by itself, under a stock Telegraf,
// and the plugin inside an agent.
//
// The tests that need a Telegraf run with RTNETLINK_E2E=1 and are skipped
// otherwise, since building one takes minutes. RTNETLINK_E2E_BIN names a
// directory that keeps it.
package e2e
