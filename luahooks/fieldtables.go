package luahooks

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"telegraf-rtnetlink/luahooks/model"
)

// WriteFields writes the fields of each object as tables in Markdown, for the
// manual.
func WriteFields(w io.Writer, s *model.Schema) error {
	out := bufio.NewWriter(w)
	for i := range s.Objects {
		o := &s.Objects[i]
		fmt.Fprintf(out, "\n### %s\n\n", o.Name)
		if o.Prefix != "" {
			fmt.Fprintf(out, "`within` and `ev:is_default()` test `%s`.\n\n", o.Prefix)
		}
		fmt.Fprintf(out, "| field | type | meaning |\n|---|---|---|\n")
		for j := range o.Fields {
			f := &o.Fields[j]
			fmt.Fprintf(out, "| `%s` | %s | %s |\n", f.Name, fieldTypeText(f), fieldDocText(f))
		}
	}
	fmt.Fprintln(out)
	return out.Flush()
}

func fieldTypeText(f *model.Field) string {
	text := map[model.Kind]string{model.String: "string", model.Int: "integer", model.Bool: "boolean"}[f.Kind]
	if f.List {
		text = "list"
	}
	if f.Unit != "" {
		text += ", " + f.Unit
	}
	if f.Tag {
		text += ", tag"
	}
	return text
}

// fieldDocText is a field's meaning and the words that it can be.
func fieldDocText(f *model.Field) string {
	text := f.Doc
	if len(f.Choices) > 0 {
		text += "; one of `" + strings.Join(f.Choices, "`, `") + "`"
	}
	return cellText.Replace(text)
}

// cellText keeps a text from ending its cell or being taken for HTML.
var cellText = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`)
