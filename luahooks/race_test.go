//go:build race

package luahooks

// slower is how much longer things may take with the race detector.
const slower = 6
