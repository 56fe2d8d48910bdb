//go:build race

package plugin

// slower is about how much slower the race detector makes the tests.
const slower = 10
