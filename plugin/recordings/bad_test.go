package recordings

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
)

const badDir = "../../testdata/recordings-bad"

// badRecordings makes the files that no replay takes.
var badRecordings = map[string]func(*testing.T) []byte{
	"empty":           func(*testing.T) []byte { return nil },
	"text":            func(*testing.T) []byte { return []byte("rtnetlink_link,action=new,interface=lo ifindex=1i 1\n") },
	"of-tcpdump":      pcapOfEthernet,
	"of-another-name": func(t *testing.T) []byte { return ethernet(t, "dumpcap 4.0", "") },
	"of-a-later-day": func(t *testing.T) []byte {
		return ethernet(t, "telegraf-rtnetlink 9", "rtnetlink recording 9, little endian")
	},
	"of-another-link": func(t *testing.T) []byte {
		return ethernet(t, "telegraf-rtnetlink 1", "rtnetlink recording 1, little endian")
	},
	"of-other-numbers": func(t *testing.T) []byte {
		return ethernet(t, "telegraf-rtnetlink 1", "rtnetlink recording 1, big endian")
	},
	"cut-in-header": func(t *testing.T) []byte { return sample(t)[:20] },
	"cut-in-packet": func(t *testing.T) []byte { return sample(t)[:len(sample(t))-30] },
	"length-of-3":   func(t *testing.T) []byte { return append(sample(t), 6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0) },
	"two-in-one":    func(t *testing.T) []byte { return append(sample(t), sample(t)...) },
	"answer-alone":  func(t *testing.T) []byte { return constructed(t, func(s *stream) { s.reply(allLinks, eth0) }) },
}

// sample is a good recording.
func sample(t *testing.T) []byte {
	return constructed(t, func(s *stream) {
		s.dump(allLinks, eth0)
		s.events(newLink(2, "eth0", linkDown))
	})
}

// ethernet is a pcapng file of Ethernet packets.
func ethernet(t *testing.T, application, comment string) []byte {
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriterInterface(&b, pcapgo.NgInterface{Name: "eth0", LinkType: layers.LinkTypeEthernet},
		pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Application: application, Comment: comment}})
	require.NoError(t, err)
	frame := make([]byte, 60)
	binary.BigEndian.PutUint16(frame[12:], 0x88b5)
	require.NoError(t, w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(1, 0), CaptureLength: 60, Length: 60}, frame))
	require.NoError(t, w.Flush())
	return b.Bytes()
}

// pcapOfEthernet is a file of the older format.
func pcapOfEthernet(t *testing.T) []byte {
	var b bytes.Buffer
	require.NoError(t, pcapgo.NewWriter(&b).WriteFileHeader(262144, layers.LinkTypeEthernet))
	return b.Bytes()
}

// TestBadRecordingsAreRefused compares the error of each with the .err file
// beside.
func TestBadRecordingsAreRefused(t *testing.T) {
	for name, build := range badRecordings {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(badDir, name)
			if *update {
				require.NoError(t, os.WriteFile(path+".pcapng", build(t), 0o644))
			}
			_, err := replay(t, path+".pcapng")
			require.Error(t, err)
			if *update {
				require.NoError(t, os.WriteFile(path+".err", []byte(err.Error()+"\n"), 0o644))
			}
			want, readErr := os.ReadFile(path + ".err")
			require.NoError(t, readErr)
			require.Equal(t, string(want), err.Error()+"\n")
		})
	}
}

// TestWhatComesBeforeTheDamageIsReplayed is what an error of Replay promises.
func TestWhatComesBeforeTheDamageIsReplayed(t *testing.T) {
	out, err := replay(t, filepath.Join(badDir, "cut-in-packet.pcapng"))
	require.Error(t, err)
	require.Equal(t, []string{"new link eth0 (dump)"}, out.summary)
}
