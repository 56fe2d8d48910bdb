//go:build !race

package luahooks

const slower = 1
