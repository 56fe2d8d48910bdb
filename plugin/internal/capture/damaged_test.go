package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
)

// foreign writes a pcapng file of one packet with the library alone.
func foreign(t *testing.T, info pcapgo.NgSectionInfo, link layers.LinkType, packet []byte, length int, comment string) []byte {
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriterInterface(&b, pcapgo.NgInterface{LinkType: link},
		pcapgo.NgWriterOptions{SectionInfo: info})
	require.NoError(t, err)
	var opts pcapgo.NgPacketOptions
	if comment != "" {
		opts.Comments = []string{comment}
	}
	ci := gopacket.CaptureInfo{Timestamp: time.Unix(0, 1), CaptureLength: len(packet), Length: length}
	require.NoError(t, w.WritePacketWithOptions(ci, packet, opts))
	require.NoError(t, w.Flush())
	return b.Bytes()
}

func TestForeignAndDamagedFilesAreRefused(t *testing.T) {
	ours := pcapgo.NgSectionInfo{Application: application + " 1", Comment: format + ", " + byteOrder()}
	other := "big endian"
	if byteOrder() == other {
		other = "little endian"
	}
	packet := append(appendHeader(nil), message(1)...)
	withByte := func(i int, v byte) []byte {
		p := bytes.Clone(packet)
		p[i] = v
		return p
	}
	one := func(packet []byte, comment string) []byte {
		return foreign(t, ours, linkTypeNetlink, packet, len(packet), comment)
	}
	sample := one(packet, "")
	iface := int(binary.LittleEndian.Uint32(sample[4:]))            // where its interface's block starts,
	at := iface + int(binary.LittleEndian.Uint32(sample[iface+4:])) // and its packet's
	size := len(sample) - at
	offset := func(n int, text string) string { return fmt.Sprintf("offset %d: %s", n, text) }
	put := func(b []byte, offset int, v uint32) []byte {
		binary.LittleEndian.PutUint32(b[offset:], v)
		return b
	}
	for _, tt := range []struct {
		name, want string
		file       []byte
	}{
		{"empty", "offset 0: an empty file, want a pcapng section header", nil},
		{"text", `offset 0: starts with 68656c6c, want a pcapng section header`, []byte("hello, world of files")},
		{"short text", "offset 0: the file ends 5 bytes into a block", []byte("hello")},
		{"classic pcap", "offset 0: starts with d4c3b2a1, want", put(make([]byte, 24), 0, 0xa1b2c3d4)},
		{"byte order mark", "offset 0: section header with byte order mark 00000000", put(one(packet, ""), 8, 0)},
		{"version", "offset 0: section header: Unknown pcapng Version", put(one(packet, ""), 12, 7)},
		{
			"another program", `offset 0: section written by "Dumpcap 4", want one by "telegraf-rtnetlink"`,
			foreign(t, pcapgo.NgSectionInfo{Application: "Dumpcap 4"}, linkTypeNetlink, packet, len(packet), ""),
		},
		{
			"another byte order", `offset 0: section is "rtnetlink recording 1, ` + other + `", want`,
			foreign(t, pcapgo.NgSectionInfo{Application: application, Comment: format + ", " + other}, linkTypeNetlink, packet, len(packet), ""),
		},
		{
			"Ethernet", offset(iface, `interface "" of link type 1, want NETLINK (253)`),
			foreign(t, ours, layers.LinkTypeEthernet, packet, len(packet), ""),
		},
		{"two sections", offset(len(sample), "a second section"), append(one(packet, ""), one(packet, "")...)},
		{"short packet", "a packet of 15 bytes, want a header of 16", one(packet[:15], "")},
		{"device type", "a packet of device type 825, want netlink (824)", one(withByte(3, 0x39), "")},
		{"protocol", "a packet of netlink protocol 16, want rtnetlink (0)", one(withByte(15, 16), "")},
		{
			"snap length", "packet cut at 32 of 99 bytes",
			foreign(t, ours, linkTypeNetlink, packet, 99, ""),
		},
		{"a user's comment", `comment "look here": invalid character`, one(packet, "look here")},
		{"unknown kind", `comment of unknown kind "dump middle"`, one(packet, `{"kind":"dump middle"}`)},
		{"no kind", `comment of unknown kind ""`, one(packet, `{}`)},
		{"newer note", `unknown field "colour"`, one(packet, `{"kind":"overrun","colour":1}`)},
		{"no query", `comment "{\"kind\":\"dump begin\"}" without a query`, one(packet, `{"kind":"dump begin"}`)},
		{"unknown class", `query for unknown class "netmap"`, one(packet, `{"kind":"dump begin","query":{"Object":"netmap"}}`)},
		{"data without begin", "dump data without a dump begin before it", one(packet, `{"kind":"dump data"}`)},
		{"end without begin", "dump end without a dump begin before it", one(packet, `{"kind":"dump end"}`)},
		{"huge block", offset(at, "block of length 16777220, want a multiple of 4 from 12 to 16777216"), put(one(packet, ""), at+4, maxBlock+4)},
		{"tiny block", offset(at, "block of length 8, want"), put(one(packet, ""), at+4, 8)},
		{"odd block", offset(at, "block of length 67, want"), put(one(packet, ""), at+4, 67)},
		{"block's two lengths", offset(at, fmt.Sprintf("block of length %d that says 4 at its end", size)), put(one(packet, ""), len(sample)-4, 4)},
		{"packet beyond block", offset(at, "block whose contents are longer than itself"), put(one(packet, ""), at+20, 1<<30)},
		{"interface", offset(at, "Interface id 7 not present"), put(one(packet, ""), at+8, 7)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			records, err := readAll(tt.file)
			require.ErrorContains(t, err, tt.want)
			require.Regexp(t, `^offset \d+: `, err)
			require.LessOrEqual(t, len(records), 1)
		})
	}
}

func TestATruncatedFileLosesNothingBeforeTheCut(t *testing.T) {
	whole := write(t, samples())
	all, err := readAll(whole)
	require.NoError(t, err)
	clean := 0
	for n := range whole {
		records, err := readAll(whole[:n])
		require.ElementsMatch(t, all[:len(records)], records)
		if err == nil {
			clean++ // between two blocks
			continue
		}
		require.Regexp(t, `^offset \d+: (the file ends \d+ bytes into a block|an empty file)`, err)
	}
	// All blocks but the last: section, two interfaces, packets.
	require.Equal(t, 1+2+len(all)-1, clean)
}

func TestAnErrorIsFinal(t *testing.T) {
	whole := write(t, samples())
	r, err := NewReader(bytes.NewReader(whole[:len(whole)-1]))
	require.NoError(t, err)
	for range len(samples()) - 1 {
		_, err := r.Next()
		require.NoError(t, err)
	}
	_, first := r.Next()
	require.Error(t, first)
	_, again := r.Next()
	require.Equal(t, first, again)
}

// checkReadable checks that whatever is read can be written and read again,
// and that nothing else comes than records and one error.
func checkReadable(t *testing.T, b []byte) {
	records, err := readAll(b)
	if err != nil {
		require.Regexp(t, `^offset \d+: `, err)
	}
	again, err := readAll(write(t, records))
	require.NoError(t, err)
	require.Equal(t, records, again)
}

func FuzzReader(f *testing.F) {
	f.Add(write(f, samples()))
	f.Add(write(f, nil))
	f.Fuzz(checkReadable)
}

// FuzzBlock puts a block with any contents, but of the right length, behind
// the start of a recording.
func FuzzBlock(f *testing.F) {
	start := write(f, nil)
	blocks := write(f, samples())[len(start):]
	for len(blocks) > 0 {
		n := binary.LittleEndian.Uint32(blocks[4:])
		f.Add(binary.LittleEndian.Uint32(blocks), blocks[8:n-4])
		blocks = blocks[n:]
	}
	for typ := range uint32(12) { // all blocks that the library knows
		f.Add(typ, make([]byte, 40))
	}
	f.Fuzz(func(t *testing.T, typ uint32, body []byte) {
		body = append(body, make([]byte, -len(body)&3)...)
		b := binary.LittleEndian.AppendUint32(bytes.Clone(start), typ)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(body)+12))
		b = append(b, body...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(body)+12))
		checkReadable(t, b)
	})
}
