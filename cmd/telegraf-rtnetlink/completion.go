package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"strings"
)

// option is a flag as completion knows it.
type option struct {
	name  string
	value bool // it takes one
	text  string
}

// choices are the words that the flag takes, empty where they are not counted.
func (o option) choices() string {
	switch {
	case o.name == "object":
		return strings.Join(classNames(), " ")
	case o.name == "format" && strings.Contains(o.text, "table"):
		return "ip json table"
	case o.name == "format":
		return "ip json"
	}
	return ""
}

// completionCommand is "completion".
func completionCommand(args []string, std stdio) int {
	fs := flag.NewFlagSet("completion", flag.ContinueOnError)
	rest, status, done := arguments(fs, args, 1, 1, "completion bash|zsh|fish", std)
	if done {
		return status
	}
	write, ok := map[string]func(io.Writer){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[rest[0]]
	if !ok {
		fmt.Fprintf(std.err, "completion: unknown shell %q (choices: bash, zsh, fish)\n", rest[0])
		return statusUsage
	}
	return std.print(write)
}

// optionsOf returns the flags of a command, out of what -h prints of them.
func optionsOf(c command) (out []option) {
	var help bytes.Buffer
	c.run([]string{"-h"}, stdio{strings.NewReader(""), &help, io.Discard})
	return readOptions(&help)
}

// ownOptions returns the flags of the input itself.
func ownOptions() []option {
	var o options
	var help bytes.Buffer
	fs := flagSet(&o, new(bool), new(string))
	fs.SetOutput(&help)
	fs.PrintDefaults()
	return readOptions(&help)
}

// readOptions reads what flag.PrintDefaults writes: "  -name value", then a
// line that explains; both on one where the name is a letter.
func readOptions(help io.Reader) (out []option) {
	lines := bufio.NewScanner(help)
	for lines.Scan() {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "  -"); ok {
			name, value, _ := strings.Cut(name, " ")
			out = append(out, option{name: name, value: value != ""})
		} else if text, ok := strings.CutPrefix(line, "    \t"); ok && len(out) > 0 && out[len(out)-1].text == "" {
			out[len(out)-1].text = text
		}
	}
	return out
}

func bashCompletion(w io.Writer) {
	fmt.Fprintf(w, `# bash completion of telegraf-rtnetlink
_telegraf_rtnetlink() {
	local cur=${COMP_WORDS[COMP_CWORD]} flags
	case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}" in
`)
	for _, c := range commands() {
		for _, o := range optionsOf(c) {
			if words := o.choices(); words != "" {
				fmt.Fprintf(w, "\t\"%s -%s\") COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); return ;;\n", c.name, o.name, words)
			}
		}
	}
	fmt.Fprint(w, "\tesac\n\tcase ${COMP_WORDS[1]} in\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "\t%s) flags=\"%s\" ;;\n", c.name, flagWords(optionsOf(c)))
	}
	fmt.Fprintf(w, "\t*) flags=\"%s\" ;;\n\tesac\n", flagWords(ownOptions()))
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	fmt.Fprintf(w, `	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$flags" -- "$cur"))
	elif [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "%s" -- "$cur"))
	elif [ "${COMP_WORDS[1]}" = completion ]; then
		COMPREPLY=($(compgen -W "bash zsh fish" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -o filenames -F _telegraf_rtnetlink telegraf-rtnetlink
`, strings.Join(names, " "))
}

func flagWords(list []option) string {
	words := make([]string, len(list))
	for i, o := range list {
		words[i] = "-" + o.name
	}
	return strings.Join(words, " ")
}

func zshCompletion(w io.Writer) {
	fmt.Fprint(w, "#compdef telegraf-rtnetlink\n_telegraf-rtnetlink() {\n\tlocal -a commands\n\tcommands=(\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "\t\t%s\n", shellQuote(c.name+":"+c.summary))
	}
	fmt.Fprint(w, "\t)\n\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tcase $words[2] in\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "\t%s) shift words; (( CURRENT-- )); _arguments%s '*:file:_files' ;;\n", c.name, zshOptions(optionsOf(c)))
	}
	fmt.Fprintf(w, "\t*) _arguments%s ;;\n\tesac\n}\n_telegraf-rtnetlink \"$@\"\n", zshOptions(ownOptions()))
}

func zshOptions(list []option) string {
	var b strings.Builder
	for _, o := range list {
		text := strings.NewReplacer("[", "(", "]", ")", ":", " -").Replace(o.text)
		spec := "-" + o.name + "[" + text + "]"
		if o.value {
			spec += ":value:"
			if words := o.choices(); words != "" {
				spec += "(" + words + ")"
			} else {
				spec += "_files"
			}
		}
		if o.name == "where" || o.name == "object" {
			spec = "*" + spec
		}
		b.WriteString(" " + shellQuote(spec))
	}
	return b.String()
}

func fishCompletion(w io.Writer) {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	all := strings.Join(names, " ")
	for _, c := range commands() {
		fmt.Fprintf(w, "complete -c telegraf-rtnetlink -f -n %s -a %s -d %s\n",
			shellQuote("not __fish_seen_subcommand_from "+all), c.name, shellQuote(c.summary))
	}
	for _, o := range ownOptions() {
		fishOption(w, "not __fish_seen_subcommand_from "+all, o)
	}
	for _, c := range commands() {
		for _, o := range optionsOf(c) {
			fishOption(w, "__fish_seen_subcommand_from "+c.name, o)
		}
	}
}

func fishOption(w io.Writer, when string, o option) {
	more := ""
	if words := o.choices(); words != "" {
		more = " -x -a '" + words + "'"
	} else if o.value {
		more = " -r"
	}
	fmt.Fprintf(w, "complete -c telegraf-rtnetlink -n %s -o %s%s -d %s\n", shellQuote(when), o.name, more, shellQuote(o.text))
}

// shellQuote quotes for all three shells; fish has no '\” but takes "\'" outside.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
