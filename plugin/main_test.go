package plugin

import (
	"testing"

	"go.uber.org/goleak"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

func TestMain(m *testing.M) {
	nstest.Enter()
	goleak.VerifyTestMain(m)
}
