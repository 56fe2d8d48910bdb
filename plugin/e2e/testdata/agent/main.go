// Command agent is a Telegraf of one's own: the rtnetlink input and a file
// output in Telegraf's agent.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/influxdata/telegraf/agent"
	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/telegraf/logger"
	_ "github.com/influxdata/telegraf/plugins/outputs/file"
	_ "github.com/influxdata/telegraf/plugins/outputs/influxdb"
	_ "github.com/influxdata/telegraf/plugins/serializers/influx"

	_ "telegraf-rtnetlink/plugin"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		log.Fatalf("E! %v", err)
	}
}

func run(file string) error {
	c := config.NewConfig()
	if err := c.LoadAll(file); err != nil {
		return err
	}
	if err := logger.SetupLogging(&logger.Config{}); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return agent.NewAgent(c).Run(ctx)
}
