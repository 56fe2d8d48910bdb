package plugin

import "runtime/debug"

// modulePath is this module's.
const modulePath = "telegraf-rtnetlink"

// buildVersion returns the version of this module that the Go tool recorded in
// the program, "unknown" where it did not.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == modulePath && m.Version != "" {
			return m.Version
		}
	}
	return "unknown"
}
