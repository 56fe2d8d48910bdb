package driver

import (
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }
