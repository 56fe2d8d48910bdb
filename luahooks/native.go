package luahooks

import lua "github.com/yuin/gopher-lua"

// A call into gopher-lua costs more than the few comparisons that most hooks
// consist of. A function that does nothing but compare its event's fields with
// constants is therefore run right here, from its own compiled instructions.
// Whatever is out of the ordinary, such as the comparison of a string with a
// number, is left to gopher-lua: such a function has no effects, so that it can
// just be called after all.

// native is a function for one class of objects.
type native struct {
	code      []instruction
	values    []lua.LValue // the registers, and then the constants
	registers int
	upvalues  []*lua.Upvalue
	reads     []source // of opRead
}

// instruction is one of gopher-lua's (opcode.go there), with operands that are
// indexes of values. A jump has its target in b.
type instruction struct {
	op, a, b, c int
}

// opRead is ev.name in a branch: R(A) := the value of source B. No instruction
// of gopher-lua has the number.
const opRead = lua.OP_NOP + 1

// maxNative bounds the instructions of a native function.
const maxNative = 200

// newNative translates a function, and returns nil for one that has to be
// called. Hooks with it read their events as hidden parameters.
func (in *instance) newNative(fn *lua.LFunction, object int) *native {
	p := fn.Proto
	if len(p.Code) > maxNative || len(p.FunctionPrototypes) > 0 || p.IsVarArg != 0 || p.NumParameters == 0 {
		return nil
	}
	n := &native{registers: int(p.NumUsedRegisters), upvalues: fn.Upvalues}
	n.values = make([]lua.LValue, n.registers, n.registers+len(p.Constants))
	n.values = append(n.values, p.Constants...)
	for pc, word := range p.Code {
		i, ok := n.translate(in, p, object, pc, word)
		if !ok {
			return nil
		}
		n.code = append(n.code, i)
	}
	if len(n.code) == 0 || n.code[len(n.code)-1].op != lua.OP_RETURN {
		return nil
	}
	return n
}

// translate decodes one instruction.
func (n *native) translate(in *instance, p *lua.FunctionProto, object, pc int, word uint32) (instruction, bool) {
	i := decode(word)
	switch i.op {
	case lua.OP_MOVE, lua.OP_NOT, lua.OP_TESTSET, lua.OP_LOADNIL, lua.OP_LOADBOOL, lua.OP_TEST:
	case lua.OP_MOVEN: // the moves that it counts follow it
		i.op = lua.OP_MOVE
	case lua.OP_LOADK:
		i.op, i.b = lua.OP_MOVE, n.registers+wide(word)
	case lua.OP_GETUPVAL:
		return i, i.b < len(n.upvalues)
	case lua.OP_GETTABLEKS:
		return n.read(in, p, object, i)
	case lua.OP_JMP:
		i.b = pc + 1 + jumpOf(word)
		return i, i.b > pc && i.b < len(p.Code)
	case lua.OP_EQ, lua.OP_LT, lua.OP_LE:
		i.b, i.c = n.operand(i.b), n.operand(i.c)
	case lua.OP_RETURN:
		return i, i.b != 0
	default:
		return i, false
	}
	return i, i.a < n.registers || i.op == lua.OP_EQ || i.op == lua.OP_LT || i.op == lua.OP_LE
}

// operand is the index of a register or constant.
func (n *native) operand(rk int) int {
	const constant = 1 << 8
	if rk&constant != 0 {
		return n.registers + rk&^constant
	}
	return rk
}

// read translates ev.name where name is no hidden parameter.
func (n *native) read(in *instance, p *lua.FunctionProto, object int, i instruction) (instruction, bool) {
	const event = 0 // its register
	name, ok := n.values[n.operand(i.c)].(lua.LString)
	if !ok || i.b != event || name == "old" || name == "changed" || writes(p, event) {
		return i, false
	}
	n.reads = append(n.reads, in.source(object, readField, string(name)))
	return instruction{op: opRead, a: i.a, b: len(n.reads) - 1}, true
}

// writes reports whether an instruction may set a register: the one that its
// operand A names.
func writes(p *lua.FunctionProto, register int) bool {
	for _, word := range p.Code {
		switch i := decode(word); i.op {
		case lua.OP_JMP, lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_TEST, lua.OP_RETURN:
		default:
			if i.a == register {
				return true
			}
		}
	}
	return false
}

// call runs the function for the current event, with what is passed behind the
// event. Without ok the result is up to gopher-lua.
func (n *native) call(r *Runtime, event lua.LValue, sources []source) (result lua.LValue, ok bool) {
	v := n.values
	v[0] = event
	for i := range sources {
		v[i+1] = r.get(&sources[i])
	}
	for i := len(sources) + 1; i < n.registers; i++ {
		v[i] = lua.LNil
	}
	return n.run(r)
}

// run goes through the instructions. It ends, since all jumps are forward and
// the last instruction returns.
func (n *native) run(r *Runtime) (result lua.LValue, ok bool) {
	v := n.values
	for pc := 0; ; pc++ {
		i := &n.code[pc]
		skip := false
		switch i.op {
		case lua.OP_MOVE:
			v[i.a] = v[i.b]
		case lua.OP_LOADBOOL:
			v[i.a], skip = boxBool(i.b != 0), i.c != 0
		case lua.OP_LOADNIL:
			for j := i.a; j <= i.b; j++ {
				v[j] = lua.LNil
			}
		case lua.OP_GETUPVAL:
			v[i.a] = n.upvalues[i.b].Value()
		case opRead:
			v[i.a] = r.get(&n.reads[i.b])
		case lua.OP_NOT:
			v[i.a] = boxBool(lua.LVIsFalse(v[i.b]))
		case lua.OP_JMP:
			pc = i.b - 1
		case lua.OP_EQ, lua.OP_LT, lua.OP_LE:
			holds, ok := compare(i.op, v[i.b], v[i.c])
			if !ok {
				return nil, false
			}
			skip = holds != (i.a != 0)
		case lua.OP_TEST:
			skip = lua.LVAsBool(v[i.a]) == (i.c == 0)
		case lua.OP_TESTSET:
			if skip = lua.LVAsBool(v[i.b]) == (i.c == 0); !skip {
				v[i.a] = v[i.b]
			}
		case lua.OP_RETURN:
			if i.b == 1 {
				return lua.LNil, true
			}
			return v[i.a], true
		}
		if skip {
			pc++
		}
	}
}

// compare compares what has no metamethods and is of one type.
func compare(op int, a, b lua.LValue) (holds, ok bool) {
	if op == lua.OP_EQ {
		if a == b {
			return true, true
		}
		switch a.(type) {
		case *lua.LTable, *lua.LUserData:
			return false, false
		}
		return false, true
	}
	x, isNumber := a.(lua.LNumber)
	y, bothNumbers := b.(lua.LNumber)
	if op == lua.OP_LT {
		return x < y, isNumber && bothNumbers
	}
	return x <= y, isNumber && bothNumbers
}
