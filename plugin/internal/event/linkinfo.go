package event

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Most of a link's fields are those of its kind, or of a port of its master's
// kind: a "bond_mode" only a bond has. They are attributes within
// IFLA_LINKINFO, numbered by each kind on its own. That one is taken apart once
// a view, and only for a link of a kind that has fields here.

// inside names an attribute in what a kind says of its links (of a port of
// it, where port is set).
type inside struct {
	kind string
	port bool
	typ  uint16
}

// kindReaders says which fields read which attributes of a kind.
type kindReaders struct {
	attr []bitset.Set // by type
	all  bitset.Set
}

func (k *kindReaders) add(typ uint16, field int) {
	for int(typ) >= len(k.attr) {
		k.attr = append(k.attr, bitset.Set{})
	}
	k.attr[typ].Add(field)
	k.all.Add(field)
}

// merge adds the fields that read attribute typ.
func (k *kindReaders) merge(typ uint16, to *bitset.Set) {
	if int(typ) < len(k.attr) {
		to.Merge(&k.attr[typ])
	}
}

// present adds the fields of which an attribute is in data. k may be nil.
func (k *kindReaders) present(data rtnl.Attrs, to *bitset.Set) {
	for k != nil {
		typ, _, rest, ok := data.Next()
		if !ok {
			return
		}
		k.merge(typ, to)
		data = rest
	}
}

// differ adds the fields that read attributes which differ between a and b.
func (k *kindReaders) differ(a, b rtnl.Attrs, to *bitset.Set) {
	for k != nil {
		typA, payloadA, restA, okA := a.Next()
		typB, payloadB, restB, okB := b.Next()
		switch {
		case !okA && !okB:
			return
		case okA != okB || typA != typB:
			to.Merge(&k.all) // one has an attribute more
			return
		case !bytes.Equal(payloadA, payloadB):
			k.merge(typA, to)
		}
		a, b = restA, restB
	}
}

// kindsOf returns the readers of a kind's own links or of its ports; they are
// made where there are none.
func (r *readers) kindsOf(kind string, port bool) *kindReaders {
	kinds := &r.kinds
	if port {
		kinds = &r.ports
	}
	if *kinds == nil {
		*kinds = map[string]*kindReaders{}
	}
	if (*kinds)[kind] == nil {
		(*kinds)[kind] = &kindReaders{}
	}
	return (*kinds)[kind]
}

// infoDiffers adds the fields that read parts of IFLA_LINKINFO which differ.
func (r *readers) infoDiffers(a, b []byte, to *bitset.Set) {
	to.Merge(&r.plain[unix.IFLA_LINKINFO])
	x, y := rtnl.LinkInfoOf(a), rtnl.LinkInfoOf(b)
	differ(r.kinds, x.Kind, y.Kind, x.Data, y.Data, to)
	differ(r.ports, x.PortKind, y.PortKind, x.PortData, y.PortData, to)
}

func differ(kinds map[string]*kindReaders, kindA, kindB []byte, a, b rtnl.Attrs, to *bitset.Set) {
	if bytes.Equal(kindA, kindB) {
		kinds[string(kindA)].differ(a, b, to)
		return
	}
	for _, kind := range [][]byte{kindA, kindB} {
		if k := kinds[string(kind)]; k != nil {
			to.Merge(&k.all)
		}
	}
}

// indexInfo notes which fields IFLA_LINKINFO has.
func (v *View) indexInfo(r *readers, payload []byte) {
	v.info = rtnl.LinkInfoOf(payload)
	r.kinds[string(v.info.Kind)].present(v.info.Data, &v.present)
	r.ports[string(v.info.PortKind)].present(v.info.PortData, &v.present)
}

// insideOf returns an attribute of the link's kind or of its master's, nil if
// it has none.
func (v *View) insideOf(at *inside) []byte {
	if !v.ready {
		v.index()
	}
	if at.port {
		if string(v.info.PortKind) == at.kind {
			return v.info.PortData.Get(at.typ)
		}
	} else if string(v.info.Kind) == at.kind {
		return v.info.Data.Get(at.typ)
	}
	return nil
}

// decoder makes a value of a payload.
type decoder func(v *View, b []byte) Value

// from decodes the first of some attributes of kinds that a link has.
func from(decode decoder, places ...inside) source {
	return source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: places, get: func(v *View) Value {
		for i := range places {
			if b := v.insideOf(&places[i]); b != nil {
				return decode(v, b)
			}
		}
		return Value{}
	}}
}

// either is the value of the first source that has one.
func either(sources ...source) source {
	out := source{}
	for _, s := range sources {
		out.attrs = append(out.attrs, s.attrs...)
		out.inside = append(out.inside, s.inside...)
		out.head |= s.head
	}
	out.get = func(v *View) Value {
		for i := range sources {
			if value := sources[i].get(v); value != (Value{}) {
				return value
			}
		}
		return Value{}
	}
	return out
}

// where is the value of a source where another one has any.
func where(other, s source) source {
	out := either(other, s)
	out.get = func(v *View) Value {
		if other.get(v) == (Value{}) {
			return Value{}
		}
		return s.get(v)
	}
	return out
}

// own is an attribute of kind, of is one of several, port is one of a port.
func own(kind string, typ uint16) inside  { return inside{kind: kind, typ: typ} }
func port(kind string, typ uint16) inside { return inside{kind: kind, port: true, typ: typ} }

func of(typ uint16, kinds ...string) (list []inside) {
	for _, k := range kinds {
		list = append(list, own(k, typ))
	}
	return list
}
