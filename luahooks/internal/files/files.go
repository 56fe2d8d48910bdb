// Package files reads the files of scripts and modules, which whoever can write
// decides by what this process does: each must belong to root or to the running
// user. Nothing is kept between two calls, which any goroutine may make.
package files

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

// MaxSize bounds a script's size: the compiler's memory grows with it.
const MaxSize = 256 << 10

// maxLinks bounds the symbolic links of one path, as the kernel does (path_resolution(7)).
const maxLinks = 40

// Stamp tells whether a file changed: two that differ are of two versions. The
// zero value is that of no file.
type Stamp struct {
	mtime time.Time
	ctime syscall.Timespec
	size  int64
	inode uint64
}

// Read returns a script's text. Whoever can write the file decides what
// this process does, so it must belong to root or to the running user and be
// writable by nobody else, and so must every symbolic link and every directory
// on the way; directories may be sticky instead, as /tmp is. The checks hold
// for the file that is read: it is opened first.
func Read(path string) (string, Stamp, error) {
	real, err := trustedPath(path)
	if err != nil {
		if !strings.Contains(err.Error(), path) { // it is about what a link leads to
			err = fmt.Errorf("%s: %w", path, err)
		}
		return "", Stamp{}, err
	}
	f, err := os.OpenFile(real, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", Stamp{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", Stamp{}, err
	}
	if err := trustedFile(path, info); err != nil {
		return "", Stamp{}, err
	}
	return readAll(f, path, stampOf(info))
}

func readAll(f *os.File, path string, s Stamp) (string, Stamp, error) {
	text, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return "", Stamp{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(text) > MaxSize {
		return "", Stamp{}, TooLarge(path)
	}
	return string(text), s, nil
}

// TooLarge is the error of a source over MaxSize, of a file or not.
func TooLarge(name string) error {
	return fmt.Errorf("%s: larger than %d KiB, the limit of a script", name, MaxSize>>10)
}

// StampFile returns the Stamp of what path leads to.
func StampFile(path string) (Stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Stamp{}, err
	}
	return stampOf(info), nil
}

func stampOf(info fs.FileInfo) Stamp {
	s := Stamp{mtime: info.ModTime(), size: info.Size()}
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
