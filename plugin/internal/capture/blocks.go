package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Types of pcapng blocks (draft-ietf-opsawg-pcapng) that matter here.
const (
	blockSection = 0x0a0d0d0a
	orderMagic   = 0x1a2b3c4d
)

// blocks hands a pcapng file to a reader block by block: Read ends with io.EOF
// at the end of each block, and next goes on to the following one. So whatever
// a block says about the lengths within it, nothing outside it is read, and the
// place of an error is known.
type blocks struct {
	r      io.Reader
	order  binary.ByteOrder // of the section
	block  bytes.Buffer     // the current block, whole
	rest   []byte           // what Read has not given yet
	offset int64            // of the current block
	end    int64            // of the current block
}

// Read implements io.Reader within the current block.
func (b *blocks) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// next reads the following block and returns its type. At the end of the file
// it returns io.EOF; other errors say what is wrong with the block at offset.
func (b *blocks) next() (typ uint32, err error) {
	b.offset, b.rest = b.end, nil
	head := make([]byte, 12)
	switch n, err := io.ReadFull(b.r, head); {
	case n == 0 && errors.Is(err, io.EOF):
		return 0, io.EOF
	case err != nil:
		return 0, cut(n, err)
	}
	if typ, err = b.header(head); err != nil {
		return 0, err
	}
	return typ, b.body(head)
}

// header returns the block's type. A section header says in which order its
// own and all following numbers are.
func (b *blocks) header(head []byte) (uint32, error) {
	if binary.LittleEndian.Uint32(head) != blockSection { // the same in both orders
		if b.order == nil {
			return 0, fmt.Errorf("starts with %x, want a pcapng section header", head[:4])
		}
		return b.order.Uint32(head), nil
	}
	switch uint32(orderMagic) {
	case binary.LittleEndian.Uint32(head[8:]):
		b.order = binary.LittleEndian
	case binary.BigEndian.Uint32(head[8:]):
		b.order = binary.BigEndian
	default:
		return 0, fmt.Errorf("section header with byte order mark %x", head[8:12])
	}
	return blockSection, nil
}

// body reads the rest of the block, whose length is written at both ends.
func (b *blocks) body(head []byte) error {
	size := b.order.Uint32(head[4:])
	if size < 12 || size%4 != 0 || size > maxBlock {
		return fmt.Errorf("block of length %d, want a multiple of 4 from 12 to %d", size, maxBlock)
	}
	b.block.Reset()
	b.block.Write(head)
	// The buffer grows as bytes arrive: the length may be a lie.
	if n, err := io.CopyN(&b.block, b.r, int64(size)-int64(len(head))); err != nil {
		return cut(len(head)+int(n), err)
	}
	b.rest, b.end = b.block.Bytes(), b.offset+int64(size)
	if again := b.order.Uint32(b.rest[size-4:]); again != size {
		return fmt.Errorf("block of length %d that says %d at its end", size, again)
	}
	return nil
}

// cut says that a block ended after n bytes.
func cut(n int, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file ends %d bytes into a block", n)
	}
	return err
}
