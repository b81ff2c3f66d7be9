package eventstest_test

import (
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	eventstest.StoreSuite(t, func(*testing.T) events.Store { return eventstest.NewStore() })
}
