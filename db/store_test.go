package db_test

import (
	"testing"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestMain(m *testing.M) { dbtest.Main(m, db.Migrate) }

// open gives a test a store on a database of its own.
func open(t testing.TB) *db.Store { return openAt(t, dbtest.New(t)) }

func openAt(t testing.TB, url string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return store
}

func TestStoreKeepsItsPromises(t *testing.T) {
	t.Parallel()
	eventstest.StoreSuite(t, func(t *testing.T) events.Store { return open(t) })
}
