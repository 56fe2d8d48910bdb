package objtable

import "encoding/binary"

// Place is how far a walk through a slab has come.
type Place struct{ chunk, at int }

// walk returns the live entry at or behind a place, 0 for none, and moves the
// Place behind it. The place stays good while the slab is not replaced.
func (s *slab) walk(p *Place) Ref {
	for ; p.chunk < len(s.chunks); p.chunk, p.at = p.chunk+1, 0 {
		if p.chunk == 0 && p.at == 0 {
			p.at = 4 // ref 0 is none
		}
		for p.at+entryHeader <= s.end(p.chunk) {
			info := binary.LittleEndian.Uint32(s.chunks[p.chunk][p.at+4:])
			if info == 0 {
				break // the unused rest of a chunk
			}
			r := Ref(p.chunk*chunkUnits + p.at/4)
			p.at += entryHeader + int(info&sizeMask+3)&^3
			if info>>24&flagLive != 0 {
				return r
			}
		}
		if p.chunk == len(s.chunks)-1 {
			return 0 // it may grow
		}
	}
	return 0
}
