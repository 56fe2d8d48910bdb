package load

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// Device is a link that routes can go through.
type Device struct {
	Index uint32
	Name  string
	conn  *Conn
}

// kinds of links that swallow everything, either of which a kernel may lack.
var kinds = []string{"dummy", "ifb"}

// NewDevice makes a link, sets it up and gives it an address. It, and all
// routes through it, last until Delete or the end of the namespace.
func NewDevice(name string) (*Device, error) {
	conn, err := Dial()
	if err != nil {
		return nil, err
	}
	d := &Device{Name: name, conn: conn}
	if err := d.create(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return d, nil
}

// create tries the kinds in turn.
func (d *Device) create() error {
	var failed error
	for _, kind := range kinds {
		err := d.add(kind)
		if err == nil {
			return d.address()
		}
		failed = errors.Join(failed, fmt.Errorf("make a link of kind %s: %w", kind, err))
	}
	return failed
}

func (d *Device) add(kind string) error {
	b := d.message(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, unix.IFF_UP)
	b = appendAttr(b, unix.IFLA_IFNAME, append([]byte(d.Name), 0))
	b = appendAttr(b, unix.IFLA_LINKINFO, appendAttr(nil, unix.IFLA_INFO_KIND, []byte(kind)))
	if err := d.do(b); err != nil {
		return err
	}
	ifc, err := net.InterfaceByName(d.Name)
	if err != nil {
		return err
	}
	d.Index = uint32(ifc.Index)
	return nil
}

// address gives the device host 1 of the network in which the gateways are.
func (d *Device) address() error {
	return d.changeAddress(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_EXCL)
}

// Readdress takes the device's address away, its only one of IPv4, and gives it back.
func (d *Device) Readdress() error {
	if err := d.changeAddress(unix.RTM_DELADDR, 0); err != nil {
		return err
	}
	return d.address()
}

func (d *Device) changeAddress(typ, flags uint16) error {
	b := appendHeader(nil, typ, flags)
	b = append(b, unix.AF_INET, 24, 0, unix.RT_SCOPE_UNIVERSE) // struct ifaddrmsg
	b = binary.NativeEndian.AppendUint32(b, d.Index)
	own := network
	own[3] = 1
	return d.do(appendAttr(b, unix.IFA_LOCAL, own[:]))
}

// Loopback returns the loopback device of the namespace.
func Loopback() (*Device, error) {
	conn, err := Dial()
	return &Device{Index: 1, Name: "lo", conn: conn}, err
}

// SetUp sets the device up, or down, which takes its routes away.
func (d *Device) SetUp(up bool) error {
	var flags uint32
	if up {
		flags = unix.IFF_UP
	}
	return d.do(d.message(unix.RTM_NEWLINK, 0, flags))
}

// Rename gives the device another name. It need not be down since Linux 6.2, and
// is set down for it.
func (d *Device) Rename(name string) error {
	if err := d.SetUp(false); err != nil {
		return err
	}
	b := appendAttr(d.message(unix.RTM_NEWLINK, 0, unix.IFF_UP), unix.IFLA_IFNAME, append([]byte(name), 0))
	d.Name = name
	return d.do(b)
}

// Nexthop makes a nexthop object on the device, and deletes it again.
func (d *Device) Nexthop(id uint32) error {
	for _, typ := range []uint16{unix.RTM_NEWNEXTHOP, unix.RTM_DELNEXTHOP} {
		var flags uint16
		family := byte(unix.AF_UNSPEC)
		if typ == unix.RTM_NEWNEXTHOP {
			flags, family = unix.NLM_F_CREATE|unix.NLM_F_EXCL, unix.AF_INET
		}
		b := append(appendHeader(nil, typ, flags), family, 0, 0, 0, 0, 0, 0, 0) // struct nhmsg
		b = appendUint32(b, unix.NHA_ID, id)
		if typ == unix.RTM_NEWNEXTHOP {
			b = appendUint32(b, unix.NHA_OIF, d.Index)
		}
		if err := d.do(b); err != nil {
			return err
		}
	}
	return nil
}

// Delete deletes the device with its routes.
func (d *Device) Delete() error {
	defer d.conn.Close()
	return d.do(d.message(unix.RTM_DELLINK, 0, 0))
}

// message starts a request with a struct ifinfomsg that is about IFF_UP.
func (d *Device) message(typ, flags uint16, up uint32) []byte {
	b := appendHeader(nil, typ, flags)
	b = append(b, unix.AF_UNSPEC, 0, 0, 0)
	b = binary.NativeEndian.AppendUint32(b, d.Index)
	b = binary.NativeEndian.AppendUint32(b, up)
	return binary.NativeEndian.AppendUint32(b, unix.IFF_UP)
}

func (d *Device) do(b []byte) error {
	if err := d.conn.Send(finish(b, 0)); err != nil {
		return err
	}
	return d.conn.Sync()
}
