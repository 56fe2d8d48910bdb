package mirror

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Each class has each part, and without any of them the program does not start.
func TestAClassThatLacksAPartIsNamed(t *testing.T) {
	require.Empty(t, incomplete(&rows, followers[:]))
	row := reflect.TypeFor[class]()
	for o := range rtnl.Object(rtnl.NumObjects) {
		for i := range row.NumField() {
			if row.Field(i).Anonymous {
				continue
			}
			lacking := rows
			part := reflect.NewAt(row.Field(i).Type, reflect.ValueOf(&lacking[o]).Elem().Field(i).Addr().UnsafePointer()).Elem()
			part.SetZero()
			require.Equal(t, "class "+o.String()+" has no "+row.Field(i).Name+" in its row", incomplete(&lacking, followers[:]))
		}
	}
	lacking := rows
	lacking[rtnl.Rule].alike = nil
	require.Equal(t, "class rule has no alike in its row, and several objects can have one key", incomplete(&lacking, followers[:]))
	for _, o := range followers {
		var others []rtnl.Object
		for _, other := range followers {
			if other != o {
				others = append(others, other)
			}
		}
		require.Equal(t, "class "+o.String()+" is 0 times among the followers of a link", incomplete(&rows, others))
	}
}
