package plugin

import "github.com/influxdata/telegraf"

// silent is the logger where Telegraf injects none.
type silent struct{}

func (silent) Level() telegraf.LogLevel { return telegraf.None }
func (silent) AddAttribute(string, any) {}
func (silent) Errorf(string, ...any)    {}
func (silent) Error(...any)             {}
func (silent) Warnf(string, ...any)     {}
func (silent) Warn(...any)              {}
func (silent) Infof(string, ...any)     {}
func (silent) Info(...any)              {}
func (silent) Debugf(string, ...any)    {}
func (silent) Debug(...any)             {}
func (silent) Tracef(string, ...any)    {}
func (silent) Trace(...any)             {}
