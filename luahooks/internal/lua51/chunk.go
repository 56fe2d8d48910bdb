package lua51

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Parse returns a script's syntax tree. Errors are one line and begin with
// file:line.
func Parse(file, source string) (tree []ast.Stmt, err error) {
	defer recoverCompiler(file, &err)
	source = strings.TrimPrefix(source, "\uFEFF") // some editors begin files with it
	if strings.HasPrefix(source, "#") {
		source = "--" + source // "#!" line
	}
	if tree, err = parse.Parse(strings.NewReader(source), file); err != nil {
		return nil, syntaxError(file, source, err)
	}
	return tree, nil
}

// Chunk is a compiled file.
type Chunk struct {
	Proto  *lua.FunctionProto
	places *places
}

// Compile corrects and compiles a syntax tree, which must not be used any more.
func Compile(file string, tree []ast.Stmt) (c *Chunk, err error) {
	defer recoverCompiler(file, &err)
	tree, table, err := correct(file, tree)
	if err != nil {
		return nil, err
	}
	proto, err := lua.Compile(tree, file)
	if err != nil {
		return nil, syntaxError(file, "", err)
	}
	patchGotos(proto)
	return &Chunk{proto, table}, nil
}

func recoverCompiler(file string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: the compiler failed: %v", file, r)
	}
}

// syntaxError puts gopher-lua's error into one line: file:line: what is wrong.
func syntaxError(file, source string, err error) error {
	var e *parse.Error
	if errors.As(err, &e) {
		e.Message = strings.Replace(e.Message, "parse error", "syntax error", 1)
		at := fmt.Sprintf("near %q", e.Token)
		if e.Pos.Line == parse.EOF {
			last := strings.Count(strings.TrimRight(source, "\n"), "\n") + 1
			return fmt.Errorf("%s:%d: unexpected end of file: %s", file, last, e.Message)
		}
		e.Message = strings.Replace(e.Message, "Invalid", "invalid", 1)
		if e.Message == "unterminated string" {
			e.Pos.Line-- // found where the line had ended
		}
		if e.Token == "" {
			at = fmt.Sprintf("in column %d", e.Pos.Column)
		}
		return fmt.Errorf("%s:%d: %s %s%s", file, e.Pos.Line, e.Message, at, keywordHint(source, e)+operatorHint(source, e))
	}
	var c *lua.CompileError
	if errors.As(err, &c) && (strings.HasPrefix(c.Message, "register overflow") || c.Message == "too many local variables") {
		return fmt.Errorf("%s:%d: too many local variables, or arguments of a call, in one function: at most %d in all; put them into a table", file, max(1, Line(c.Line)), MaxLocals)
	}
	if errors.As(err, &c) {
		return fmt.Errorf("%s:%d: %s", file, Line(c.Line), c.Message)
	}
	return fmt.Errorf("%s: %s", file, strings.Join(strings.Fields(err.Error()), " "))
}

// condition is a line that compares.
var condition = regexp.MustCompile(`\b(if|elseif|while|until)\b`)

// operatorHint helps those who come from other languages.
func operatorHint(source string, e *parse.Error) string {
	lines := strings.Split(source, "\n")
	switch {
	case e.Token == "!":
		return "; unequal is ~= in Lua, and ! is not"
	case e.Token == "=" && e.Pos.Line >= 1 && e.Pos.Line <= len(lines) && condition.MatchString(lines[e.Pos.Line-1]):
		return "; comparing is == in Lua"
	}
	return ""
}

// keywordHint helps with fields whose names are words of Lua: ev.local.
func keywordHint(source string, e *parse.Error) string {
	lines := strings.Split(source, "\n")
	if e.Token == "" || e.Pos.Line < 1 || e.Pos.Line > len(lines) || !isAlpha(e.Token[0]) ||
		!strings.Contains(lines[e.Pos.Line-1], "."+e.Token) {
		return ""
	}
	return fmt.Sprintf("; %s is a word of Lua: write ev[%q]", e.Token, e.Token)
}
