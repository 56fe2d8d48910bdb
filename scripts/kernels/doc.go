// Package kernels tests the script run beside it, which runs a command on the
// kernel of a Debian release. What needs a machine runs with
// RTNETLINK_KERNELS=1 and is skipped otherwise:
//
//	RTNETLINK_KERNELS=1 go test ./scripts/kernels
package kernels
