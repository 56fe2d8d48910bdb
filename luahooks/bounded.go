package luahooks

import lua "github.com/yuin/gopher-lua"

// A context that can stop a function costs about as much as the function: it
// is asked before each instruction. A function that only compares what it is
// given ends by itself, and runs without one.

// harmless are the instructions that take no time of their own and call
// nothing: with only these there are no values but the event, its fields and
// constants, none of which has a metamethod that is a Lua function.
// Concatenation is not among them, since a few of them make something huge.
var harmless = map[int]bool{
	lua.OP_MOVE: true, lua.OP_MOVEN: true, lua.OP_LOADK: true, lua.OP_LOADBOOL: true, lua.OP_LOADNIL: true,
	lua.OP_GETTABLE: true, lua.OP_GETTABLEKS: true,
	lua.OP_ADD: true, lua.OP_SUB: true, lua.OP_MUL: true, lua.OP_DIV: true, lua.OP_MOD: true, lua.OP_POW: true,
	lua.OP_UNM: true, lua.OP_NOT: true, lua.OP_LEN: true,
	lua.OP_JMP: true, lua.OP_EQ: true, lua.OP_LT: true, lua.OP_LE: true, lua.OP_TEST: true, lua.OP_TESTSET: true,
	lua.OP_RETURN: true,
}

// maxBounded is the most instructions of a function that runs without a limit.
const maxBounded = 1000

// endsByItself reports whether a function has only harmless instructions and
// no jump backwards.
func endsByItself(p *lua.FunctionProto) bool {
	if len(p.Code) > maxBounded || len(p.FunctionPrototypes) > 0 {
		return false
	}
	for _, word := range p.Code {
		op := decode(word).op
		if !harmless[op] || op == lua.OP_JMP && jumpOf(word) < 0 {
			return false
		}
	}
	return true
}

// decode takes an instruction apart, as opcode.go of gopher-lua does.
func decode(word uint32) instruction {
	return instruction{op: int(word >> 26), a: int(word >> 18 & 0xff), b: int(word & 0x1ff), c: int(word >> 9 & 0x1ff)}
}

// jumpOf returns the distance of a jump: the lower 18 bits, less their middle
// (opcode.go of gopher-lua).
func jumpOf(word uint32) int { return wide(word) - (1<<17 - 1) }

// wide returns the operand Bx: b and c in one.
func wide(word uint32) int { return int(word & (1<<18 - 1)) }
