package main

import (
	"strings"
	"sync"
	"time"
)

// waiter waits for a line with some text in it. Use signal.
type waiter struct {
	want string
	once sync.Once
	c    chan struct{} // closed when it has come
	at   time.Time     // when; read it after c is closed
	text string        // the line; read it after c is closed
}

func signal(want string) *waiter { return &waiter{want: want, c: make(chan struct{})} }

// line looks at a line of output. Any goroutine may call it.
func (w *waiter) line(b []byte) {
	if !strings.Contains(string(b), w.want) {
		return
	}
	w.once.Do(func() {
		w.at, w.text = time.Now(), string(b)
		close(w.c)
	})
}
