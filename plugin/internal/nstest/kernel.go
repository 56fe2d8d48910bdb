package nstest

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Kernel returns the release of the running kernel, as "6.1.0-50-amd64".
func Kernel() string {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		panic(err) // it cannot fail
	}
	return unix.ByteSliceToString(uts.Release[:])
}

// Older reports whether the running kernel is older than a version, "6.2".
func Older(version string) bool { return VersionNumber(Kernel()) < VersionNumber(version) }

// VersionNumber makes versions of kernels comparable: it grows with the first
// two numbers of one. That of anything else is 0.
func VersionNumber(version string) int {
	var major, minor int
	_, _ = fmt.Sscanf(version, "%d.%d", &major, &minor)
	return major*1000 + minor
}
