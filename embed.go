// Package telegrafrtnetlink holds the sample configuration of the rtnetlink
// input plugin. It exists because go:embed cannot reach above its own directory;
// the plugin is in package plugin, its program in cmd/telegraf-rtnetlink.
package telegrafrtnetlink

import _ "embed"

// SampleConfig is sample.conf: every option with its default, in Telegraf's
// style.
//
//go:embed sample.conf
var SampleConfig string
