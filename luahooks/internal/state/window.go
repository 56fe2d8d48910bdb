package state

import "time"

// windowSteps is how finely a window forgets: a hit counts for its length, less
// up to one step.
const windowSteps = 32

// windowSize is what a window takes, in bytes.
const windowSize = 160

// window counts hits over a sliding time.
type window struct {
	length time.Duration
	at     int64 // the step that counts now
	counts [windowSteps]uint32
}

// hit counts one at now and returns how many there are in the window.
func (w *window) hit(now time.Duration) int {
	at := int64(now) * windowSteps / int64(w.length)
	if at-w.at >= windowSteps {
		w.counts = [windowSteps]uint32{}
		w.at = at
	}
	for ; w.at < at; w.at++ {
		w.counts[(w.at+1)%windowSteps] = 0
	}
	w.counts[at%windowSteps]++
	sum := 0
	for _, n := range w.counts {
		sum += int(n)
	}
	return sum
}
