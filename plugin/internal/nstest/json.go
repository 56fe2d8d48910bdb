package nstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Objects decodes the list of objects that "ip -j" prints. Where an object has
// a member twice the first counts: a route's "dst" comes again as the labels of
// an MPLS encapsulation.
func Objects(text []byte) (list []map[string]any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	v, err := value(d)
	if err == nil {
		_, err = d.Token()
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("decode what ip prints: %w", err)
	}
	all, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("ip prints no list but %T", v)
	}
	for _, v := range all {
		o, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("ip prints %T in a list of objects", v)
		}
		list = append(list, o)
	}
	return list, nil
}

// value reads a value of any kind.
func value(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		return array(d)
	case json.Delim('{'):
		return members(d)
	}
	return t, nil
}

func array(d *json.Decoder) (any, error) {
	list := []any{}
	for d.More() {
		v, err := value(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func members(d *json.Decoder) (any, error) {
	m := map[string]any{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := value(d)
		if err != nil {
			return nil, err
		}
		if key, ok := k.(string); ok && m[key] == nil {
			m[key] = v
		}
	}
	_, err := d.Token()
	return m, err
}
