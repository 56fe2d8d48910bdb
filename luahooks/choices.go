package luahooks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

// A message lists all choices of a word where there are few. A link has some
// hundreds of fields, of which the first ones are those that every link has.
const (
	listedWhole = 64
	listedFirst = 20
	likeness    = 0.6 // of the words that are called near, as in Python's difflib
)

// join lists words for a message.
func join(words []string) string { return strings.Join(words, ", ") }

// there says what the choices are where word is none of them.
func there(word string, choices []string) string {
	if len(choices) <= listedWhole {
		return "there are: " + join(choices)
	}
	text := fmt.Sprintf("there are: %s and %d more, which the manual of hooks lists", join(choices[:listedFirst]), len(choices)-listedFirst)
	if near := nearest(word, choices); len(near) > 0 {
		text = "nearest: " + join(near) + "; " + text
	}
	return text
}

// oneOf says what a value may be where word is none of it.
func oneOf(word string, choices []string) string {
	if len(choices) <= listedWhole {
		return "it is one of: " + join(choices)
	}
	return there(word, choices)
}

// nearest returns up to three choices that are written like word.
func nearest(word string, choices []string) []string {
	like := map[string]float64{}
	var near []string
	if len(word) > maxNameLen {
		return nil // comparing takes as long as both are
	}
	letters := strings.Split(word, "")
	for _, c := range choices {
		if r := difflib.NewMatcher(letters, strings.Split(c, "")).Ratio(); r >= likeness {
			like[c], near = r, append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(like[b], like[a]) })
	return near[:min(len(near), 3)]
}

// article returns a noun with "a" or "an".
func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
