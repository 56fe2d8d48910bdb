// Package history reads the stream back: from the metrics that the input sent
// it tells what the network of a host was like at any time, what differs
// between two, and when it does not know.
//
// It is public, unlike the packages in which the stream is made: the commands
// of telegraf-rtnetlink use it, and so may any Go program that stores the
// stream and wants to answer from it.
//
// # What makes a state
//
// Each metric shows an object in full, and the field key names the object. So
// the state is the newest metric of each key, less what was deleted, within one
// epoch: from the rtnetlink_sync metric with moment=begin on. It is exact from
// moment=complete on, until something says otherwise: a gap in seq, a doubt
// (the plugin itself was late), an end, a clock that was set back, a second
// plugin that writes the same stream. A Verdict names what it was, its time,
// and the times nearby at which the state is exact.
//
// # Order
//
// Rows are put into the order of seq, so they may come in the order of a
// database, which sorts by time, from several files, or twice. A row that is
// missing shows as soon as [HeldRows] rows came behind it.
//
// # Memory
//
// A Replay keeps the objects of one moment, about 130 bytes a route, and
// nothing of a row that is superseded. A Replay and what it returns belong to
// one goroutine.
package history
