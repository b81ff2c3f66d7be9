package pgserver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// socketPathLimit is the longest path of a unix socket named after the usual port, in bytes, that
// every system takes: macOS has 104 with the closing zero, Linux 108, and a port of five digits
// takes one more.
const socketPathLimit = 102

// socketFolder is where the server's socket lies: in the data folder, or, when that path is too
// long, in a short folder of the system's temporary one, named by a hash of it.
type socketFolder struct {
	path  string
	short bool
}

func makeSocketFolder(dir string, who identity) (socketFolder, error) {
	f := chooseSocketFolder(dir, os.TempDir(), os.Getuid())
	err := os.Mkdir(f.path, 0o700)
	if os.IsExist(err) && f.short {
		// Everybody may write in the temporary folder: whoever made ours first, under our
		// name, could otherwise read along.
		return f, checkPrivate(f.path, who)
	}
	if err != nil && !os.IsExist(err) {
		return f, fmt.Errorf("pgserver: make socket folder: %w", err)
	}
	return f, who.own(f.path)
}

func chooseSocketFolder(dir, temp string, uid int) socketFolder {
	inside := filepath.Join(dir, "run")
	if fitsSocket(inside) {
		return socketFolder{path: inside}
	}
	sum := sha256.Sum256([]byte(dir))
	name := "hub-" + strconv.Itoa(uid) + "-" + hex.EncodeToString(sum[:8])
	short := filepath.Join(temp, name)
	if !fitsSocket(short) {
		short = filepath.Join("/tmp", name)
	}
	return socketFolder{path: short, short: true}
}

// fitsSocket also turns down characters that mean something in Postgres' list of folders, or in
// a list of hosts.
func fitsSocket(dir string) bool {
	plain := regexp.MustCompile(`^[\pL\pN/._~ +=-]+$`).MatchString(dir)
	return plain && len(filepath.Join(dir, socketName(usualPort))) <= socketPathLimit
}

func socketName(port int) string { return ".s.PGSQL." + strconv.Itoa(port) }

// remove takes a short folder away when the server has left it empty.
func (f socketFolder) remove() {
	if f.short {
		_ = os.Remove(f.path)
	}
}
