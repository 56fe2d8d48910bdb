// Command types writes the type definitions of Lua's module rtnetlink for the Lua
// language server, out of the field table: rtnetlink.lua beside it. Run it with go
// generate ./plugin after a change of the table or of luahooks/stubs.lua; a test
// compares.
package main

import (
	"bytes"
	"os"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin"
)

func main() {
	if err := os.WriteFile(os.Args[1], definitions(), 0o644); err != nil {
		panic(err)
	}
}

// definitions returns what rtnetlink.lua has to have.
func definitions() []byte {
	var out bytes.Buffer
	if err := luahooks.WriteStubs(&out, plugin.Schema()); err != nil {
		panic(err) // memory takes everything
	}
	return out.Bytes()
}
