package plugin

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"
	"github.com/stretchr/testify/require"

	telegrafrtnetlink "telegraf-rtnetlink"
)

// option matches a commented option or table of sample.conf; explanations have
// two signs, "##".
var option = regexp.MustCompile(`(?m)^( *)# ( *[a-z_]+ = | *\[+inputs)`)

// uncommented is sample.conf with every option set to what it documents.
func uncommented() string {
	return option.ReplaceAllString(telegrafrtnetlink.SampleConfig, "$1$2")
}

// sampleInput is what the documented defaults configure.
func sampleInput(t *testing.T) *RTNetlink {
	t.Helper()
	var file struct {
		Inputs struct{ Rtnetlink []*RTNetlink }
	}
	require.NoError(t, toml.Unmarshal([]byte(uncommented()), &file))
	require.Len(t, file.Inputs.Rtnetlink, 1)
	return file.Inputs.Rtnetlink[0]
}

func TestDocumentedDefaultsAreTheRealOnes(t *testing.T) {
	want, got := New(), sampleInput(t)
	want.MaxEventsPerSecond = ExternalRate
	want.Lua = got.Lua
	documented, real := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i, key := range options(reflect.TypeFor[RTNetlink]()) {
		if key == "" {
			continue
		}
		if isEmpty(documented.Field(i)) && isEmpty(real.Field(i)) {
			continue // [] and nil
		}
		require.Equal(t, real.Field(i).Interface(), documented.Field(i).Interface(), key)
	}
}

func isEmpty(v reflect.Value) bool { return v.Kind() == reflect.Slice && v.Len() == 0 }

func TestDocumentedDefaultsOfScriptsAreTheRealOnes(t *testing.T) {
	got := sampleInput(t).Lua
	require.Len(t, got, 1)
	documented, err := got[0].resolve()
	require.NoError(t, err)
	real, err := LuaConfig{Script: got[0].Script, Constants: got[0].Constants, AllowExec: []string{}, AllowEnv: []string{}}.resolve()
	require.NoError(t, err)
	require.Equal(t, real, documented)
}

func TestSampleHasEveryOption(t *testing.T) {
	file, err := toml.Parse([]byte(uncommented()))
	require.NoError(t, err)
	input := file.Fields["inputs"].(*ast.Table).Fields["rtnetlink"].([]*ast.Table)[0]
	requireKeys(t, input, reflect.TypeFor[RTNetlink]())
	requireKeys(t, input.Fields["lua"].([]*ast.Table)[0], reflect.TypeFor[LuaConfig]())
}

func requireKeys(t *testing.T, table *ast.Table, typ reflect.Type) {
	t.Helper()
	for _, key := range options(typ) {
		if key != "" {
			require.Contains(t, table.Fields, key)
		}
	}
}

// options returns the keys of a struct's options, by field; empty where a
// field is none.
func options(typ reflect.Type) []string {
	keys := make([]string, typ.NumField())
	for i := range keys {
		if key := typ.Field(i).Tag.Get("toml"); key != "-" {
			keys[i] = key
		}
	}
	return keys
}

func TestSampleIsInTelegrafsStyle(t *testing.T) {
	sentence := regexp.MustCompile(`[.:"]$`)
	blocks := strings.Split(strings.TrimSpace(telegrafrtnetlink.SampleConfig), "\n\n")
	require.Regexp(t, `^# \S.*\n\[\[inputs\.rtnetlink\]\]\n`, blocks[0])
	for _, block := range blocks {
		lines := strings.Split(block, "\n")
		var last string
		for _, line := range lines {
			if !strings.HasSuffix(line, "]") { // a default of all classes is one line, so that it can be uncommented
				require.LessOrEqual(t, len(line), 80, line)
			}
			require.NotContains(t, line, "\t")
			if strings.Contains(line, "##") {
				last = line
			}
		}
		require.Regexp(t, sentence, last, "an explanation ends with a period")
	}
}

func TestEachInstanceHasItsOwnDefaults(t *testing.T) {
	a, b := New(), New()
	a.Objects[0] = "changed"
	require.Equal(t, "link", b.Objects[0])
	require.Equal(t, "link", a.InitialEvents[0])
}

func TestSampleConfigIsTheFile(t *testing.T) {
	require.Equal(t, telegrafrtnetlink.SampleConfig, New().SampleConfig())
}
