package wiretest

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// Processors are one for who is measured and another for who measures, of those that this process may
// use; AnyProcessor where there is only one.
func Processors() (measured, measuring int) {
	var mine unix.CPUSet
	if unix.SchedGetaffinity(0, &mine) != nil || mine.Count() < 2 {
		return AnyProcessor, AnyProcessor
	}
	measured = AnyProcessor
	for i := 0; ; i++ {
		switch {
		case !mine.IsSet(i):
		case measured == AnyProcessor:
			measured = i
		default:
			return measured, i
		}
	}
}

// StartOn starts a program that may run on one processor only.
func StartOn(processor int, program *exec.Cmd) (err error) {
	done := make(chan struct{})
	go func() { // the program inherits where its thread may run, and the thread ends
		defer close(done)
		runtime.LockOSThread()
		stayOn(processor)
		err = program.Start()
	}()
	<-done
	return err
}

// stayOn has the calling thread run on one processor only. Where that is not allowed it is a
// measurement with more noise.
func stayOn(processor int) {
	if processor == AnyProcessor {
		return
	}
	var one unix.CPUSet
	one.Set(processor)
	_ = unix.SchedSetaffinity(0, &one)
}

// OpenFiles raises how many files this process and those it starts may have open, as far as is
// allowed and up to most, and tells how many it is.
func OpenFiles(most uint64) uint64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	if limit.Cur >= most {
		return limit.Cur
	}
	for _, wanted := range []unix.Rlimit{{Cur: most, Max: max(most, limit.Max)}, {Cur: limit.Max, Max: limit.Max}} {
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &wanted) == nil {
			return wanted.Cur
		}
	}
	return limit.Cur
}
