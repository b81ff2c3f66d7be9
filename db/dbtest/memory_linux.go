package dbtest

import (
	"os"
	"syscall"
)

const (
	// memory is Linux' folder of files that are never written to a disk.
	memory = "/dev/shm"
	// memoryNeeded is what must be free in it, in bytes: containers often have but 64 MB there,
	// and a server dies when its folder is full.
	memoryNeeded = 2 << 30
	// writable is access(2)'s W_OK.
	writable = 2
)

// tempFolder is where the server lives: in memory if there is enough, for copying a template's
// 300 files there takes 5 ms, and on a disk 20 to 100 ms. Who sets TMPDIR decides.
func tempFolder() string {
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &fs) != nil {
		return os.TempDir()
	}
	if fs.Bavail*uint64(fs.Bsize) < memoryNeeded || syscall.Access(memory, writable) != nil {
		return os.TempDir()
	}
	return memory
}
