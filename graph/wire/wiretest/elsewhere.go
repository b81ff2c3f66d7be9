//go:build !linux

package wiretest

import (
	"errors"
	"os/exec"
	"time"
)

// Crowd is measured with on Linux only.
type Crowd struct{ Seen Seen }

var errElsewhere = errors.New("wiretest: many viewers are measured with on Linux only")

// Gather fails.
func Gather(Options, int) (*Crowd, error) { return nil, errElsewhere }

// Take fails.
func (*Crowd) Take(int, time.Duration) (time.Duration, error) { return 0, errElsewhere }

// Close does nothing.
func (*Crowd) Close() {}

// Processors are any.
func Processors() (measured, measuring int) { return AnyProcessor, AnyProcessor }

// StartOn starts a program on any processor.
func StartOn(_ int, program *exec.Cmd) error { return program.Start() }

// OpenFiles does not tell.
func OpenFiles(most uint64) uint64 { return most }
