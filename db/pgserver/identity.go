package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// identity is a way to run Postgres under a user that it accepts.
type identity struct {
	name string
	// attr makes the attributes of a new process: its own group, so that Ctrl-C on a terminal
	// reaches us first and it last, the user, and the signal for when we die.
	attr func(death syscall.Signal) *syscall.SysProcAttr
	// uid and gid must own the files; -1 where they stay as they are.
	uid, gid int
	// stranger is another user outside, too: folders closed to others are closed to it.
	stranger bool
}

// chooseIdentity takes the first identity under which the program runs and the data folder can
// be entered.
func chooseIdentity(
	ctx context.Context, ways []identity, b binaries, dir string,
) (identity, error) {
	var refused []error
	for _, who := range ways {
		_, err := runTool(ctx, who, b.program("postgres"), "--version")
		if err == nil {
			err = who.admit(dir)
		}
		if err == nil {
			return who, nil
		}
		refused = append(refused, fmt.Errorf("%s: %w", who.name, err))
	}
	return identity{}, fmt.Errorf("pgserver: cannot run %s as any user: %w; "+
		"start the hub as an ordinary user, or set DATABASE_URL",
		b.program("postgres"), errors.Join(refused...))
}

// admit opens the data folder, not its content, to another user, and sees that the way there
// is open too.
func (who identity) admit(dir string) error {
	if !who.stranger {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, info.Mode().Perm()|0o011); err != nil {
		return err
	}
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		info, err := os.Stat(up)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o001 == 0 {
			return fmt.Errorf("may not enter %s; move the data folder elsewhere", up)
		}
		if up == filepath.Dir(up) {
			return nil
		}
	}
}

// own gives a folder with all its content to the user that the server runs as, should it have
// run as another one before.
func (who identity) own(dir string) error {
	if who.uid < 0 || ownerOf(dir) == who.uid {
		return nil
	}
	return who.give(dir)
}

// give is own without looking whether the folder itself is theirs already.
func (who identity) give(dir string) error {
	if who.uid < 0 {
		return nil
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, who.uid, who.gid)
	})
	if err != nil {
		return fmt.Errorf("pgserver: give %s to %s: %w", dir, who.name, err)
	}
	return nil
}
