package event

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestNamesStandForTheirNumbers(t *testing.T) {
	for _, name := range TableNames() {
		id, ok := TableID(name)
		require.True(t, ok)
		require.Equal(t, name, tableName(id))
	}
	for _, name := range ProtocolNames() {
		id, ok := ProtocolID(name)
		require.True(t, ok)
		require.Equal(t, name, protocolName(id))
	}
	for _, name := range FamilyNames() {
		id, ok := FamilyID(name)
		require.True(t, ok)
		require.Equal(t, name, familyName(id))
	}
}

func TestNumbersStandForThemselves(t *testing.T) {
	table, ok := TableID("4294967295")
	require.True(t, ok)
	require.Equal(t, uint32(4294967295), table)
	protocol, ok := ProtocolID("0xba")
	require.True(t, ok)
	require.EqualValues(t, unix.RTPROT_BGP, protocol)
}

func TestWhatIsNoNameIsRefused(t *testing.T) {
	for _, name := range []string{"", "mian", "-1", "4294967296", "254x"} {
		_, ok := TableID(name)
		require.False(t, ok, name)
	}
	_, ok := ProtocolID("256")
	require.False(t, ok)
	_, ok = FamilyID("2")
	require.False(t, ok)
}
