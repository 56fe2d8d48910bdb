package plugin

import (
	"strconv"
	"sync"
)

// instances numbers the inputs that run in this process. Two of them in one
// Telegraf would otherwise send the same series.
var instances numbering

// numbering hands out the smallest free numbers. The zero value is ready for use
// by any goroutine.
type numbering struct {
	mu   sync.Mutex
	used []bool
}

// take returns a number from 1.
func (n *numbering) take() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, used := range n.used {
		if !used {
			n.used[i] = true
			return i + 1
		}
	}
	n.used = append(n.used, true)
	return len(n.used)
}

// release gives a number back.
func (n *numbering) release(number int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.used[number-1] = false
}

// instanceTag returns the tag `instance` of all that an input sends: its alias,
// or its number from the second on; empty for none.
func instanceTag(alias string, number int) string {
	if alias != "" || number < 2 {
		return alias
	}
	return strconv.Itoa(number)
}
