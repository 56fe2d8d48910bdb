// Package objtable stores objects as bytes, by key.
//
// A Table holds, for every key, the List of objects that share it, in an order
// that the user gives them. The bodies are in large chunks without pointers
// (slab.go), lists are found by the hash of their key (index.go), and what is
// removed leaves memory that is used again (evacuation.go). An object is named by
// its Ref, and begins on a Page; Places counts on which pages objects are that
// have something in common.
//
// It knows nothing of what the bytes mean. The key is what a function makes of
// them, the flags of an object are its user's.
//
// A table must be used by one goroutine at a time.
package objtable
