package luahooks

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxSource bounds a script's size: the compiler's memory grows with it.
const maxSource = 256 << 10

// maxLinks bounds the symbolic links of one path, as the kernel does (path_resolution(7)).
const maxLinks = 40

// stamp tells whether a file changed.
type stamp struct {
	mtime time.Time
	ctime syscall.Timespec
	size  int64
	inode uint64
}

// readScript returns a script's text. Whoever can write the file decides what
// this process does, so it must belong to root or to the running user and be
// writable by nobody else, and so must every symbolic link and every directory
// on the way; directories may be sticky instead, as /tmp is. The checks hold
// for the file that is read: it is opened first.
func readScript(path string) (string, stamp, error) {
	real, err := trustedPath(path)
	if err != nil {
		if !strings.Contains(err.Error(), path) { // it is about what a link leads to
			err = fmt.Errorf("%s: %w", path, err)
		}
		return "", stamp{}, err
	}
	f, err := os.OpenFile(real, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", stamp{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", stamp{}, err
	}
	if err := trustedFile(path, info); err != nil {
		return "", stamp{}, err
	}
	return readAll(f, path, stampOf(info))
}

func readAll(f *os.File, path string, s stamp) (string, stamp, error) {
	text, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err != nil {
		return "", stamp{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(text) > maxSource {
		return "", stamp{}, tooLarge(path)
	}
	return string(text), s, nil
}

func tooLarge(name string) error {
	return fmt.Errorf("%s: larger than %d KiB, the limit of a script", name, maxSource>>10)
}

// stampFile returns the stamp of what path leads to.
func stampFile(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stampOf(info), nil
}

func stampOf(info fs.FileInfo) stamp {
	s := stamp{mtime: info.ModTime(), size: info.Size()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.ctime, s.inode = st.Ctim, st.Ino
	}
	return s
}

// trustedFile checks a script's own owner and mode.
func trustedFile(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", path)
	}
	if perm := info.Mode().Perm(); perm&0o022 != 0 {
		return fmt.Errorf("%s: writable by group or others (mode %04o), run: chmod go-w %s", path, perm, path)
	}
	return trustedOwner(path, info)
}

// trustedOwner refuses what belongs to neither root nor the running user.
func trustedOwner(path string, info fs.FileInfo) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid == 0 || int(st.Uid) == os.Geteuid() {
		return nil
	}
	return fmt.Errorf("%s: owned by user %d, want root or user %d (which runs this): chown it", path, st.Uid, os.Geteuid())
}

// trustedPath resolves path one name at a time and checks each directory and
// each link. The result has no link in it.
func trustedPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	at, todo := "/", strings.Split(abs[1:], "/")
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if name == "" || name == "." {
			continue
		}
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		next := filepath.Join(at, name)
		target, err := trustedStep(next, len(todo) > 0)
		if err != nil {
			return "", err
		}
		if target == "" {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return "", fmt.Errorf("%s: too many symbolic links", path)
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return at, nil
}

// trustedStep checks one name on the way and returns a link's target.
func trustedStep(path string, inner bool) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if err := trustedOwner(path, info); err != nil {
			return "", err
		}
		return os.Readlink(path)
	}
	if !inner {
		return "", nil
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s: %w", path, errors.New("not a directory"))
	}
	if info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return "", fmt.Errorf("%s: a directory writable by everybody (mode %04o), run: chmod o-w %s", path, info.Mode().Perm(), path)
	}
	return "", trustedDir(path, info)
}

// trustedDir is trustedOwner for directories: in a user namespace, those of
// users that are not mapped, such as the root directory, show up as the
// overflow user's, and nobody inside can be that user.
func trustedDir(path string, info fs.FileInfo) error {
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid == overflowUser && inUserNamespace() {
		return nil
	}
	return trustedOwner(path, info)
}

// overflowUser is the default of /proc/sys/kernel/overflowuid.
const overflowUser = 65534

// inUserNamespace reports whether not all users are mapped (user_namespaces(7)).
var inUserNamespace = sync.OnceValue(func() bool {
	text, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && strings.Join(strings.Fields(string(text)), " ") != "0 0 4294967295"
})
