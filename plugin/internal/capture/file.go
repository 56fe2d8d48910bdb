package capture

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Create opens the file for a recording, which only its owner may read: it
// shows the network of the machine. Whatever is at path already, such as an older
// recording, a link or a device, it takes only with force.
func Create(path string, force bool) (*os.File, error) {
	const flags = os.O_WRONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC
	f, err := os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil || !errors.Is(err, os.ErrExist) {
		return f, err
	}
	if force {
		return os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory; name a file in it, or use -ring", path)
	case info.Mode()&os.ModeSymlink != 0:
		return nil, fmt.Errorf("%s is a symbolic link; remove it or use -force", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a plain file; use -force to write to it", path)
	}
	return nil, fmt.Errorf("%s exists already; name another file, or use -force to overwrite it", path)
}
