package plugin

import (
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// parseAll resolves the list of option key, without duplicates.
func parseAll[T uint8 | uint32](key string, list []string, parse func(string) (T, bool), choices func() []string) ([]T, error) {
	var out []T
	for _, text := range list {
		v, ok := parse(text)
		if !ok {
			return nil, unknownValue(key, text, strings.Join(choices(), ", "))
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// tableChoices and protocolChoices list what the options take.
func tableChoices() []string {
	return append(event.TableNames(), "a number up to 4294967295")
}

func protocolChoices() []string {
	return append(event.ProtocolNames(), "a number up to 255")
}

func parseObjects(key string, list []string) (set objectSet, err error) {
	for _, text := range list {
		o, ok := rtnl.ParseObject(text)
		if !ok {
			return 0, unknownValue(key, text, strings.Join(rtnl.Names(), ", "))
		}
		set |= 1 << o
	}
	return set, nil
}

func unknownValue(key, value, choices string) error {
	return fmt.Errorf("%s: unknown value %q (choices: %s)", key, value, choices)
}
