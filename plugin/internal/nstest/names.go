package nstest

import (
	"os"

	"golang.org/x/sys/unix"
)

// ownNames are what this machine alone may have names in, and what they hold on one
// of which nobody has named anything.
var ownNames = map[string]string{
	"/etc/iproute2/rt_tables":   "255 local\n254 main\n253 default\n0 unspec\n",
	"/etc/iproute2/rt_tables.d": "",
	"/etc/iproute2/group":       "0 default\n",
	"/etc/iproute2/group.d":     "",
}

// hideNames takes away, for this process, what the administrator calls his routing
// tables and groups: tests use numbers that may have names. Protocols keep theirs,
// which packages bring along (FRR). Where mounting is forbidden all of them stay.
func hideNames() {
	// What is mounted here must not show elsewhere (mount_namespaces(7)).
	if unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") != nil {
		return
	}
	dir, err := os.MkdirTemp("", "rtnetlink-names")
	if err != nil {
		return
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is mounted lives on
	for path, text := range ownNames {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		plain := dir + "/" + info.Name()
		if info.IsDir() {
			err = os.Mkdir(plain, 0o755)
		} else {
			err = os.WriteFile(plain, []byte(text), 0o644)
		}
		if err == nil {
			_ = unix.Mount(plain, path, "", unix.MS_BIND, "")
		}
	}
}
