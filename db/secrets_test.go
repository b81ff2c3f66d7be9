package db_test

import (
	"bytes"
	"testing"
)

// Hubs that ask at the same time get the same key; another name has another.
func TestHubsShareSecrets(t *testing.T) {
	t.Parallel()
	store := open(t)
	answers := make(chan []byte, 8)
	for range cap(answers) {
		go func() {
			key, err := store.Secret(t.Context(), "limiter")
			if err != nil {
				t.Error(err)
			}
			answers <- key
		}()
	}
	first := <-answers
	if len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
		t.Fatalf("key = %x", first)
	}
	for range cap(answers) - 1 {
		if key := <-answers; !bytes.Equal(key, first) {
			t.Errorf("two hubs have the keys %x and %x", key, first)
		}
	}
	if other, err := store.Secret(t.Context(), "other"); err != nil || bytes.Equal(other, first) {
		t.Errorf("another name has %x, %v", other, err)
	}
}
