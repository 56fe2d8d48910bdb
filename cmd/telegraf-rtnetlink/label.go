package main

import (
	"fmt"
	"strings"

	"telegraf-rtnetlink/plugin/history"
)

// labels lists hosts and namespaces.
func labels(all []*history.Scope) string {
	const most = 10
	var list []string
	for _, c := range all {
		name := strings.TrimSuffix(label(c), ": ")
		if name == "" {
			name = "one without host and namespace"
		}
		list = append(list, name)
	}
	if more := len(list) - most; more > 0 {
		list = append(list[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

// label names a scope in a message.
func label(c *history.Scope) string {
	var parts []string
	if c.Host != "" {
		parts = append(parts, "host "+c.Host)
	}
	if c.Netns != "" {
		parts = append(parts, "netns "+c.Netns)
	}
	for _, t := range c.Tags {
		parts = append(parts, t.Name+" "+t.Value)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " ") + ": "
}
