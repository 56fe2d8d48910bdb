package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// SaveEvery is how often the state file is written at most, apart from Close.
const SaveEvery = time.Minute

// File is the file that what Save returned is kept in. A nil File keeps nothing.
type File struct {
	path string
	last time.Time
	busy chan error // holds the result of a write that has ended
	open bool       // a write is running
}

// Open reads the state file of that path into what saved points to, if there is one;
// nil, if the path is empty.
func Open(path string, now time.Time, saved any) (*File, error) {
	if path == "" {
		return nil, nil
	}
	s := &File{path: path, last: now, busy: make(chan error, 1)}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("lua: state file: %w", err)
	}
	if err := json.Unmarshal(text, saved); err != nil {
		return s, fmt.Errorf("lua: state file: %s: %w; move it away to begin anew", path, err)
	}
	return s, nil
}

// Save writes the state file and waits for it.
func (s *File) Save(state any) error {
	if s == nil {
		return nil
	}
	if s.open {
		<-s.busy
		s.open = false
	}
	return writeState(s.path, state)
}

func writeState(path string, state any) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return writeFile(path, text)
}

// SaveLater writes the state file in the background, now and then. It returns the
// error of the write before.
func (s *File) SaveLater(now time.Time, state func() any) error {
	if s == nil {
		return nil
	}
	if s.open {
		select {
		case err := <-s.busy:
			s.open = false
			if err != nil {
				return err
			}
		default:
			return nil
		}
	}
	if now.Sub(s.last) < SaveEvery {
		return nil
	}
	s.last, s.open = now, true
	whole := state()
	go func() { s.busy <- writeState(s.path, whole) }() // events do not wait for the making of JSON
	return nil
}

// writeFile replaces a file so that there is always a whole one, and only its
// owner can read it.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
