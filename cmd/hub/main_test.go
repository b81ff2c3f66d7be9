package main

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
)

// asHub, when set in its environment, makes this test binary behave as the hub: tests that need a
// hub in a process of its own start themselves.
const asHub = "HUB_TEST_AS_HUB"

func TestMain(m *testing.M) {
	if os.Getenv(asHub) != "" {
		main()
		return
	}
	redis.SetLogger(hushed{})
	dbtest.Main(withBrowser{m}, db.Migrate)
}
