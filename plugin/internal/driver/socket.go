package driver

import (
	"errors"
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// socket is one of generic netlink in a namespace (uapi/linux/genetlink.h). A
// question is answered in the system call that sends it, however long the driver
// takes; Close does not wait for it.
type socket struct {
	conn   *netlink.Conn
	family uint16 // the number of "ethtool"; 0: not asked for yet
}

// dial opens a socket in the namespace of a descriptor, 0 for the process's own.
func dial(netns int) (*socket, error) {
	conn, err := netlink.Dial(unix.NETLINK_GENERIC, &netlink.Config{NetNS: netns})
	if err != nil {
		return nil, fmt.Errorf("driver: open socket: %w", err)
	}
	return &socket{conn: conn}, nil
}

func (s *socket) Close() error { return s.conn.Close() }

// errNoAnswer is for a reply that is none.
var errNoAnswer = errors.New("driver: no answer of one message")

// headerLen is the size of struct genlmsghdr: command, version, two reserved.
const headerLen = 4

// execute sends a command with attributes and returns those of the reply.
func (s *socket) execute(family uint16, command uint8, attrs []byte) (rtnl.Attrs, error) {
	replies, err := s.conn.Execute(netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(family), Flags: netlink.Request},
		Data:   append([]byte{command, 1, 0, 0}, attrs...),
	})
	if err != nil {
		return nil, err
	}
	if len(replies) != 1 || len(replies[0].Data) < headerLen {
		return nil, errNoAnswer
	}
	return replies[0].Data[headerLen:], nil
}

// resolve learns the number of the family, where it is not known.
func (s *socket) resolve() error {
	if s.family != 0 {
		return nil
	}
	name := rtnl.AppendAttr(nil, unix.CTRL_ATTR_FAMILY_NAME, []byte("ethtool\x00"))
	reply, err := s.execute(unix.GENL_ID_CTRL, unix.CTRL_CMD_GETFAMILY, name)
	if err != nil {
		return err
	}
	s.family = rtnl.Uint16(reply.Get(unix.CTRL_ATTR_FAMILY_ID))
	return nil
}

// ask asks the driver of a link, by the link's index: names change hands.
func (s *socket) ask(index uint32) (rtnl.Driver, error) {
	if err := s.resolve(); err != nil {
		return nil, err
	}
	header := rtnl.AppendAttr(nil, unix.ETHTOOL_A_HEADER_DEV_INDEX, rtnl.AppendUint32(nil, index))
	header = rtnl.AppendAttr(header, unix.ETHTOOL_A_HEADER_FLAGS, rtnl.AppendUint32(nil, unix.ETHTOOL_FLAG_COMPACT_BITSETS))
	reply, err := s.execute(s.family, unix.ETHTOOL_MSG_LINKMODES_GET,
		rtnl.AppendAttr(nil, unix.ETHTOOL_A_LINKMODES_HEADER|unix.NLA_F_NESTED, header))
	if err != nil {
		return nil, err
	}
	return rtnl.NewDriver(rtnl.Uint32(reply.Get(unix.ETHTOOL_A_LINKMODES_SPEED)), rtnl.Uint8(reply.Get(unix.ETHTOOL_A_LINKMODES_DUPLEX))), nil
}
