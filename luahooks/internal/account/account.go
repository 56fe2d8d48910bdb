// Package account counts what a script keeps outside of its Lua state, where the
// meter of its memory does not look: nl.state, counters, tag values and names.
package account

// Overhead is what an entry of a map takes beside its texts, in bytes.
const Overhead = 128

// Account is what one script keeps, in bytes. The zero value has room for nothing.
// It belongs to one goroutine.
type Account struct {
	used, limit int64
	all         *Account // of all scripts together; nil: no other limit
}

// Guaranteed is how many bytes a script can keep though all together keep too much.
const Guaranteed = 1 << 20

// New returns an account that limit bytes fit into, as far as all has room, which may
// be nil.
func New(limit int64, all *Account) *Account { return &Account{limit: limit, all: all} }

// Take adds n bytes, and reports false and adds nothing if there is no room.
func (a *Account) Take(n int) bool {
	sum := a.used + int64(n)
	if sum > a.limit || sum > Guaranteed && a.all != nil && a.all.used+int64(n) > a.all.limit {
		return false
	}
	a.Exceed(n)
	return true
}

// Exceed adds n bytes though there is no room.
func (a *Account) Exceed(n int) {
	a.used += int64(n)
	if a.all != nil {
		a.all.used += int64(n)
	}
}

// Give takes n bytes away.
func (a *Account) Give(n int) { a.Exceed(-n) }

// Close takes all away.
func (a *Account) Close() { a.Give(int(a.used)) }

// Used is the sum, in bytes.
func (a *Account) Used() int64 { return a.used }
