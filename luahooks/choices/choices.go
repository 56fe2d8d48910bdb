// Package choices says what there is in place of a word that is none of it.
package choices

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

// A message lists all choices of a word where there are few. A link has some
// hundreds of fields, of which the first ones are those that every link has.
const (
	listedWhole = 64
	ListedFirst = 20
	likeness    = 0.6 // of the words that are called near, as in Python's difflib
	longestWord = 256 // bytes of a word that others are compared with
)

// Join lists words for a message.
func Join(words []string) string { return strings.Join(words, ", ") }

// There says what the choices are where word is none of them.
func There(word string, choices []string) string {
	if len(choices) <= listedWhole {
		return "there are: " + Join(choices)
	}
	text := fmt.Sprintf("there are: %s and %d more, which the manual of hooks lists", Join(choices[:ListedFirst]), len(choices)-ListedFirst)
	if near := Nearest(word, choices); len(near) > 0 {
		text = "nearest: " + Join(near) + "; " + text
	}
	return text
}

// OneOf says what a value may be where word is none of it.
func OneOf(word string, choices []string) string {
	if len(choices) <= listedWhole {
		return "it is one of: " + Join(choices)
	}
	return There(word, choices)
}

// Has reports whether word is one of the choices. So is a number: what the kernel has
// for a value without a name.
func Has(word string, choices []string) bool {
	_, err := strconv.ParseUint(word, 0, 32)
	return err == nil || slices.Contains(choices, word)
}

// Nearest returns up to three choices that are written like word.
func Nearest(word string, choices []string) []string {
	like := map[string]float64{}
	var near []string
	if len(word) > longestWord {
		return nil // comparing takes as long as both are
	}
	letters := strings.Split(word, "")
	for _, c := range choices {
		if r := difflib.NewMatcher(letters, strings.Split(c, "")).Ratio(); r >= likeness && like[c] == 0 {
			like[c], near = r, append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(like[b], like[a]) })
	return near[:min(len(near), 3)]
}
