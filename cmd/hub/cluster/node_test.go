//go:build linux

package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// parent starts a sleeper and waits to be killed.
func parent(folder string) int {
	n := sleeper(folder)
	if err := n.Start(context.Background()); err != nil {
		fmt.Println(err)
		return 1
	}
	n.Pause() // a frozen child must go, too
	if err := os.WriteFile(filepath.Join(folder, "pid.new"), []byte(strconv.Itoa(n.Pid())), 0o600); err != nil {
		return 1
	}
	if err := os.Rename(filepath.Join(folder, "pid.new"), filepath.Join(folder, "pid")); err != nil {
		return 1
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

// stateOf is how the kernel calls the state of a process: S sleeps, T is stopped, "" is gone.
func stateOf(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, after, found := strings.Cut(string(text), ") ")
	if err != nil || !found || after[:1] == "Z" {
		return ""
	}
	return after[:1]
}

func TestLifeOfANode(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	n := sleeper(t.TempDir())
	if n.Running() || n.Pid() != 0 {
		t.Error("it runs before it was started")
	}
	n.Kill() // harmless
	if err := errors.Join(n.Stop(ctx), n.Start(ctx)); err != nil {
		t.Fatal(err)
	}
	first := n.Pid()
	if err := n.Start(ctx); err == nil {
		t.Error("it was started twice")
	}
	n.Pause()
	eventually(t, "it is frozen", func() bool { return stateOf(first) == "T" })
	if !n.Running() {
		t.Error("a frozen node does not run")
	}
	n.Resume()
	eventually(t, "it goes on", func() bool { return stateOf(first) == "S" })
	n.Pause()
	if err := n.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if stateOf(first) != "" || n.Pid() == first || n.Pid() == 0 {
		t.Errorf("process %d was followed by %d", first, n.Pid())
	}
	second := n.Pid()
	n.Kill()
	if n.Running() || stateOf(second) != "" || n.died() {
		t.Error("it was killed and runs, or counts as dead by itself")
	}
}

func TestANodeThatDies(t *testing.T) {
	t.Parallel()
	n := sleeper(t.TempDir())
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("kill", "-9", strconv.Itoa(n.Pid())).Run(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its death is noticed", n.died)
	if err := n.Start(t.Context()); err != nil || n.died() {
		t.Errorf("it does not come back: %v", err)
	}
	n.Kill()
}

func TestANodeThatDoesNotServe(t *testing.T) {
	t.Parallel()
	ends := sleeper(t.TempDir())
	ends.engine.(*process).args = []string{"0"}
	ends.engine.(*process).ready = func(context.Context) error { return errNever }
	if err := ends.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "sleeper.log") {
		t.Errorf("it ended, and the error is %v", err)
	}
	never := sleeper(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	never.engine.(*process).ready = func(context.Context) error { cancel(); return errNever }
	if err := never.Start(ctx); !errors.Is(err, errNever) || never.Running() {
		t.Errorf("it never served: %v; it runs: %t", err, never.Running())
	}
}

func TestNodesDieWithTheirParent(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asParent+"="+folder)
	hold, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	eventually(t, "the parent has a child", func() bool {
		text, err := os.ReadFile(filepath.Join(folder, "pid"))
		if err == nil {
			pid, err = strconv.Atoi(string(text))
		}
		return err == nil
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	eventually(t, "the child is gone", func() bool { return stateOf(pid) == "" })
}

func TestFreeAddresses(t *testing.T) {
	t.Parallel()
	addresses, err := freeAddresses(50)
	if err != nil || len(addresses) != 50 {
		t.Fatalf("%d addresses: %v", len(addresses), err)
	}
	seen := map[string]bool{}
	for _, a := range addresses {
		if seen[a] || !strings.HasPrefix(a, "127.0.0.1:") {
			t.Errorf("%s was given twice, or is open to others", a)
		}
		seen[a] = true
	}
}
