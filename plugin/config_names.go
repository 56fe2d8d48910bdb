package plugin

import (
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// parseAll resolves the list of option key, without duplicates. A name may stand
// for several numbers.
func parseAll[T uint8 | uint32](key string, list []string, parse func(string) []T, choices func() []string) ([]T, error) {
	var out []T
	for _, text := range list {
		numbers := parse(text)
		if len(numbers) == 0 {
			return nil, unknownValue(key, text, strings.Join(choices(), ", "))
		}
		for _, v := range numbers {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out, nil
}

// familyIDs is event.FamilyID for parseAll.
func familyIDs(name string) []uint8 {
	if id, ok := event.FamilyID(name); ok {
		return []uint8{id}
	}
	return nil
}

// tableIDs is event.TableIDs without the table 0, "unspec", which has no routes: the
// kernel takes another for it.
func tableIDs(name string) []uint32 {
	return slices.DeleteFunc(event.TableIDs(name), func(id uint32) bool { return id == 0 })
}

// tableChoices and protocolChoices list what the options take.
func tableChoices() []string {
	names := slices.DeleteFunc(event.TableNames(), func(name string) bool { return len(tableIDs(name)) == 0 })
	return append(names, "a number from 1 to 4294967295")
}

func protocolChoices() []string {
	return append(event.ProtocolNames(), "a number up to 255")
}

func parseObjects(key string, list []string) (set rtnl.ObjectSet, err error) {
	for _, text := range list {
		o, ok := rtnl.ParseObject(text)
		if !ok {
			return 0, unknownValue(key, text, strings.Join(rtnl.Names(), ", "))
		}
		set |= rtnl.Of(o)
	}
	return set, nil
}

func unknownValue(key, value, choices string) error {
	return fmt.Errorf("%s: unknown value %q (choices: %s)", key, value, choices)
}
