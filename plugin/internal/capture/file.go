package capture

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Create opens the file for a recording, which only its owner may read: it
// shows the network of the machine. It makes a new file, or empties one that
// is a plain file of the user's own. Anything else at path, such as a symbolic
// link, a device or somebody else's file, it takes only with force.
func Create(path string, force bool) (*os.File, error) {
	const flags = os.O_WRONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC
	f, err := os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case err == nil || !errors.Is(err, os.ErrExist):
		return f, err
	case force:
		return os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	}
	f, err = os.OpenFile(path, flags, 0)
	if errors.Is(err, unix.ELOOP) {
		return nil, fmt.Errorf("%s is a symbolic link; remove it or use -force", path)
	}
	if err != nil {
		return nil, err
	}
	if err := reuse(f, os.Geteuid()); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// reuse empties f if it is a plain file that belongs to user uid alone.
func reuse(f *os.File, uid int) error {
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return &os.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return fmt.Errorf("%s is not a plain file; use -force to write to it", f.Name())
	case int(st.Uid) != uid:
		return fmt.Errorf("%s belongs to user %d; use -force to overwrite it", f.Name(), st.Uid)
	case st.Nlink > 1:
		return fmt.Errorf("%s has other names (hard links); use -force to overwrite it", f.Name())
	}
	return f.Truncate(0)
}
