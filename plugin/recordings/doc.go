// Package recordings has no code, only tests: scenarios that make the kernel
// show how it behaves, each with a recording in testdata/recordings and the
// metrics that come of it.
//
// The tests replay what is stored and compare it with the .lp file beside,
// which needs no privileges and no network. With -update they write the .lp
// files; with -record they play the scenarios in network namespaces of their
// own and store new recordings, those of testdata/scripts included:
//
//	go test ./plugin/recordings -run 'Test.*/link-down' -record
package recordings
