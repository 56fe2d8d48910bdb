// Package account counts what a script keeps outside of its Lua state, where the
// meter of its memory does not look: nl.state, counters, tag values and names.
package account

// Overhead is what an entry of a map takes beside its texts, in bytes.
const Overhead = 128

// Account is what one script keeps, in bytes. The zero value has room for nothing.
// It belongs to one goroutine.
type Account struct{ used, limit int64 }

// New returns an account that limit bytes fit into.
func New(limit int64) *Account { return &Account{limit: limit} }

// Take adds n bytes, and reports false and adds nothing if there is no room.
func (a *Account) Take(n int) bool {
	if a.used+int64(n) > a.limit {
		return false
	}
	a.used += int64(n)
	return true
}

// Exceed adds n bytes though there is no room.
func (a *Account) Exceed(n int) { a.used += int64(n) }

// Give takes n bytes away.
func (a *Account) Give(n int) { a.used -= int64(n) }

// Used is the sum, in bytes.
func (a *Account) Used() int64 { return a.used }
