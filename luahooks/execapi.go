package luahooks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/state"
)

// maxExecKeys bounds the keys whose last run is remembered.
const maxExecKeys = 10_000

// execRequest is the table that nl.exec takes.
type execRequest struct {
	command.Command
	interval time.Duration
	allowEnv []string
	size     int // bytes of arguments, environment and input
	at       compile.Place
	answered bool           // on_done was given
	done     *lua.LFunction // nil: there is none, or not any more
	in       *instance      // of done
}

// apiExec is nl.exec{argv…, key=, min_interval=, timeout=, env=, stdin=,
// on_done=}. It returns true if the command will run, or false and why not.
func (in *instance) apiExec(L *lua.LState) int {
	in.loaded(L, "nl.exec")
	req := &execRequest{at: calledFrom(L)}
	req.Script, req.Timeout = in.script.name, command.DefaultTimeout
	req.allowEnv = in.cfg.AllowEnv
	if err := req.parse(lua51.ReadTable(L, 1)); err != nil {
		L.ArgError(1, err.Error())
	}
	if !slices.Contains(in.cfg.AllowExec, req.Argv[0]) {
		L.RaiseError("nl.exec: %s is not in allow_exec (%s)", req.Argv[0], choices.Join(in.cfg.AllowExec))
	}
	if why := in.submit(req); why != "" {
		in.script.stats.ExecLimited++
		L.Push(lua51.False)
		L.Push(lua.LString(why))
		return 2
	}
	L.Push(lua51.True)
	return 1
}

func (q *execRequest) parse(t *lua.LTable) error {
	for i := 1; i <= t.Len(); i++ {
		v := t.RawGetInt(i)
		if !lua.LVCanConvToString(v) {
			return fmt.Errorf("argument %d is a %s, want a string", i, lua51.TypeOf(v))
		}
		arg := lua.LVAsString(v)
		if strings.IndexByte(arg, 0) >= 0 {
			return fmt.Errorf("argument %d has a zero byte", i)
		}
		if err := q.grow(arg); err != nil {
			return fmt.Errorf("argument %d: %w", i, err)
		}
		q.Argv = append(q.Argv, strings.Clone(arg))
	}
	if len(q.Argv) == 0 {
		return errors.New("no command")
	}
	return lua51.EachPair(t, func(k, v lua.LValue) error {
		if k.Type() == lua.LTNumber {
			return nil
		}
		if err := q.option(k.String(), v); err != nil {
			return fmt.Errorf("%s: %w", k.String(), err)
		}
		return nil
	})
}

func (q *execRequest) option(key string, v lua.LValue) (err error) {
	switch key {
	case "key":
		q.Key = strings.Clone(lua.LVAsString(v))
		if q.Key == "" || len(q.Key) > state.MaxKey {
			return errors.New("want a short string")
		}
	case "min_interval":
		q.interval, err = arg.Seconds(v)
	case "timeout":
		q.Timeout, err = arg.Seconds(v)
		q.Timeout = min(q.Timeout, command.MaxTimeout)
	case "stdin":
		q.Stdin = strings.Clone(lua.LVAsString(v))
		if len(q.Stdin) > command.MaxStdin {
			return fmt.Errorf("over %d bytes", command.MaxStdin)
		}
	case "env":
		return q.env(v)
	case "on_done":
		fn, ok := v.(*lua.LFunction)
		if !ok {
			return errors.New("want a function")
		}
		q.done, q.answered = fn, true
	default:
		return errors.New("there is no such option; there are: key, min_interval, timeout, env, stdin, on_done")
	}
	return err
}

func (q *execRequest) env(v lua.LValue) error {
	t := lua51.TableOf(v)
	if t == nil {
		return errors.New("want a table of names and values")
	}
	return lua51.EachPair(t, func(k, v lua.LValue) error {
		name, value := k.String(), lua.LVAsString(v)
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.IndexByte(value, 0) >= 0 {
			return fmt.Errorf("%q is no name or value of a variable", name)
		}
		if err := checkEnv(name, q.allowEnv); err != nil {
			return err
		}
		q.Env = append(q.Env, name+"="+value)
		return q.grow(q.Env[len(q.Env)-1])
	})
}

// maxExecSize bounds arguments and environment of a command, in bytes: the
// kernel takes no longer argument than that (MAX_ARG_STRLEN).
const maxExecSize = 128 << 10

// grow counts a part of the command's arguments and environment.
func (q *execRequest) grow(part string) error {
	if q.size += len(part); q.size > maxExecSize {
		return fmt.Errorf("arguments and environment are over %d bytes", maxExecSize)
	}
	return nil
}

// submit hands a command to the executor. It returns why not, or nothing.
func (in *instance) submit(q *execRequest) string {
	s, now := in.script, in.rt.elapsed()
	key := q.Key
	if key == "" {
		key = q.Argv[0]
	}
	if q.interval > 0 {
		if last, ok := s.execLast[key]; ok && now-last < q.interval {
			return "limited by min_interval"
		}
	}
	if !in.rt.exec.Submit(&command.Job{Command: q.Command, Done: func(r command.Result) { q.ended(s, r) }}) {
		return "too many commands are waiting"
	}
	if q.answered {
		q.in = in
		in.asked[q] = true
	}
	s.stats.ExecRun++
	if q.interval > 0 {
		s.ranExec(key, now)
	}
	return ""
}

// ranExec remembers when a command ran. When there are too many keys, or too
// long ones, all are forgotten.
func (s *script) ranExec(key string, now time.Duration) {
	if _, known := s.execLast[key]; !known {
		if s.execLast == nil || len(s.execLast) >= maxExecKeys || !s.native.Take(len(key)+account.Overhead) {
			for key := range s.execLast {
				s.native.Give(len(key) + account.Overhead)
			}
			s.execLast = map[string]time.Duration{}
			s.native.Take(len(key) + account.Overhead)
		}
	}
	s.execLast[key] = now
}

// ended takes a command's result: a failure is logged, on_done is called
// unless the script was loaded again meanwhile.
func (q *execRequest) ended(s *script, r command.Result) {
	if r.Code != 0 || r.Err != "" {
		s.stats.ExecFailed++
		if !q.answered {
			s.logs.write(LevelWarn, q.at.String(), fmt.Sprintf("%s: %s: %s", q.at, q.Argv[0], r.Problem()))
		}
	}
	in := q.in
	if in == nil || in.idle() {
		return
	}
	delete(in.asked, q)
	L := in.L
	t := L.NewTable()
	t.RawSetString("code", lua.LNumber(r.Code))
	t.RawSetString("output", lua.LString(r.Output))
	t.RawSetString("timed_out", lua51.BoxBool(r.TimedOut))
	t.RawSetString("duration", lua.LNumber(r.Duration.Seconds()))
	if r.Err != "" {
		t.RawSetString("error", lua.LString(r.Err))
	}
	if q.Key != "" {
		t.RawSetString("key", lua.LString(q.Key))
	}
	L.Push(q.done)
	L.Push(t)
	in.callback("on_done", q.at, 1)
}
