package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
)

// neighbor is what a serving hub leaves in its data folder, so that another command can reach its
// embedded Postgres and go by the same clock.
type neighbor struct {
	Pid         int           `json:"pid"`
	DatabaseURL string        `json:"databaseUrl"`
	Site        string        `json:"site"`
	ClockShift  time.Duration `json:"clockShift"`
}

func neighborFile(data string) string { return filepath.Join(data, "neighbor.json") }

// announce writes the file; only its owner can read it.
func (n neighbor) announce(data string) error {
	raw, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("announce the hub: %w", err)
	}
	if err := os.WriteFile(neighborFile(data), raw, 0o600); err != nil {
		return fmt.Errorf("announce the hub: %w", err)
	}
	return nil
}

// neighborsServices are those of the hub that holds the data folder. inUse is the error if that
// hub has not announced itself.
func neighborsServices(data string, inUse *pgserver.InUse) (*services, error) {
	raw, err := os.ReadFile(neighborFile(data))
	var n neighbor
	if err != nil || json.Unmarshal(raw, &n) != nil || n.DatabaseURL == "" {
		return nil, inUse
	}
	return &services{databaseURL: n.DatabaseURL, embeddedDB: true, neighbor: n}, nil
}

// clock is the neighbor's clock, or the one that the setting says.
func (all *services) clock(setting string) (clock, error) {
	if all.neighbor.Pid != 0 && setting == "" {
		return clock{shift: all.neighbor.ClockShift, isSet: all.neighbor.ClockShift != 0}, nil
	}
	return newClock(setting, time.Now())
}

// site is where the neighbor can be reached, or what the setting says.
func (all *services) site(setting string) string {
	if all.neighbor.Site != "" {
		return all.neighbor.Site
	}
	return setting
}
