package event

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestNamesStandForTheirNumbers(t *testing.T) {
	for _, name := range TableNames() {
		list := TableIDs(name)
		require.NotEmpty(t, list)
		for _, id := range list {
			require.Equal(t, name, tableName(id))
		}
	}
	for _, name := range ProtocolNames() {
		list := ProtocolIDs(name)
		require.NotEmpty(t, list)
		for _, id := range list {
			require.Equal(t, name, protocolName(id))
		}
	}
	for _, name := range FamilyNames() {
		id, ok := FamilyID(name)
		require.True(t, ok)
		require.Equal(t, name, familyName(id))
	}
}

func TestNumbersStandForThemselves(t *testing.T) {
	require.Equal(t, []uint32{4294967295}, TableIDs("4294967295"))
	require.Equal(t, []uint8{unix.RTPROT_BGP}, ProtocolIDs("0xba"))
}

func TestWhatIsNoNameIsRefused(t *testing.T) {
	for _, name := range []string{"", "mian", "-1", "4294967296", "254x"} {
		require.Empty(t, TableIDs(name), name)
	}
	require.Empty(t, ProtocolIDs("256"))
	_, ok := FamilyID("2")
	require.False(t, ok)
}
