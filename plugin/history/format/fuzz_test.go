package format

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// FuzzIP: an object with any fields of its class, and one more, with any values,
// is printed without a control character but the format's own, and has an order.
func FuzzIP(f *testing.F) {
	f.Add(uint8(0), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8}, []byte("ether\x00up\x00BROADCAST,UP\x0002:00:00:00:00:01"), int64(1500), "site")
	f.Add(uint8(2), []byte{0, 1, 2, 3, 200, 201}, []byte("inet\x00main\x0010.0.0.0/8\x00192.0.2.1 weight 1\x00,;,"), int64(-1), "a b")
	f.Add(uint8(3), []byte("whatever it may be"), []byte("\n\x1b[2J\x00\xff"), int64(1<<62), "\n")
	var every []byte // all fields of any class, of every kind in turn
	for i := range 200 {
		every = append(every, byte(i))
	}
	for class := range rtnl.Listed {
		for shift := range 4 {
			f.Add(uint8(class), append(make([]byte, shift), every...), []byte("a\nb\x1b[2J"), int64(7), "x")
		}
	}
	f.Fuzz(func(t *testing.T, class uint8, fields, values []byte, number int64, extra string) {
		o := object(class, fields, bytes.Split(values, []byte{0}), number, extra)
		text := IP(o)
		require.True(t, utf8.ValidString(text))
		require.False(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }), "%q", text)
		clean := object(class, fields, bytes.Split([]byte(oneLine(bytes.ReplaceAll(values, []byte{0}, []byte("\u2028")))), []byte("\u2028")), number, oneLine([]byte(extra)))
		require.Equal(t, strings.Count(IP(clean), "\n"), strings.Count(text, "\n"), "a value ends a line")
		require.Equal(t, Order(o), Order(o))
	})
}

// object returns one whose fields, values and kinds are chosen by bytes.
func object(class uint8, fields []byte, values [][]byte, number int64, extra string) *history.Object {
	of := rtnl.Listed[int(class)%len(rtnl.Listed)]
	all := event.Fields(of)
	o := &history.Object{Class: of.String(), Key: uint64(number)}
	add := func(name string, i int) {
		c := history.Cell{Name: []byte(name), Kind: history.Kind(i % 4), Num: number, Str: values[i%len(values)]}
		if !slices.ContainsFunc(o.Cells, func(have history.Cell) bool { return string(have.Name) == name }) {
			o.Cells = append(o.Cells, c)
		}
	}
	for i, at := range fields {
		add(all[int(at)%len(all)].Name, i)
	}
	add(extra, len(fields))
	return o
}
