package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// child is a hub in a process of its own, so that what it uses can be told from what its visitors
// use.
type child struct {
	b    *testing.B
	cmd  *exec.Cmd
	site string
	log  logbook
}

// stopChild is how long a hub may take to end.
const stopChild = 20 * time.Second

// startChild starts a hub with nothing in its environment but what is given as NAME=value, and
// waits until it is open.
func startChild(b *testing.B, path string, environment []string, args ...string) *child {
	b.Helper()
	c := &child{b: b, cmd: exec.CommandContext(b.Context(), path, args...)}
	c.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir(), "TMPDIR=" + os.TempDir(),
		"HUB_NODE_MODULES=../../web/node_modules", "HUB_ADDR=127.0.0.1:0",
	}, environment...)
	c.cmd.Stderr, c.cmd.WaitDelay = &c.log, stopChild
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(os.Interrupt) }
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.stop)
	c.site = announced(out)
	if c.site == "" {
		b.Fatalf("the hub did not open: %s", c.log.String())
	}
	return c
}

// announced is the address that a hub prints; "" when it ends without.
func announced(out io.Reader) string {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, site, found := strings.Cut(lines.Text(), "open at "); found {
			return site
		}
	}
	return ""
}

// stop ends the hub as Ctrl-C does. A hub may be stopped twice.
func (c *child) stop() {
	if c.cmd.ProcessState != nil {
		return
	}
	_ = c.cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	insist := time.AfterFunc(stopChild, func() { _ = c.cmd.Process.Kill() })
	defer insist.Stop()
	if err := c.cmd.Wait(); err != nil && c.b.Context().Err() == nil {
		c.b.Errorf("the hub ended with %v: %s", err, c.log.String())
	}
}

// inChild starts this test binary as a hub on a database. It believes visitors their addresses.
func inChild(b *testing.B, databaseURL string) *child {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	return startChild(b, self, []string{asHub + "=1", "DATABASE_URL=" + databaseURL, "HUB_TRUSTED_PROXIES=127.0.0.0/8"})
}

// resident is the memory that the hub holds, in KB (proc_pid_status(5)).
func (c *child) resident() float64 {
	c.b.Helper()
	for _, line := range strings.Split(c.proc("status"), "\n") {
		if size, found := strings.CutPrefix(line, "VmRSS:"); found {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(size, "kB")), 64)
			if err != nil {
				c.b.Fatal(err)
			}
			return kb
		}
	}
	c.b.Fatal("the hub's memory is not told")
	return 0
}

// ticksPerSecond is the unit of times in /proc on every Linux.
const ticksPerSecond = 100

// busy is the processor time that the hub has used (proc_pid_stat(5): fields 14 and 15).
func (c *child) busy() time.Duration {
	c.b.Helper()
	_, after, _ := strings.Cut(c.proc("stat"), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		c.b.Fatalf("the hub's processor time is not told: %q", after)
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		c.b.Fatal(err)
	}
	system, err := strconv.Atoi(fields[12])
	if err != nil {
		c.b.Fatal(err)
	}
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

func (c *child) proc(file string) string {
	c.b.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/" + file)
	if err != nil {
		c.b.Fatalf("memory and processor time are measured on Linux only: %v", err)
	}
	return string(text)
}

// BenchmarkFirstPage measures the time from the program's start to the last byte of its first page,
// with the demo: on an empty data folder, where Postgres makes its cluster and the demo edition is
// loaded, and on the folder that this leaves.
func BenchmarkFirstPage(b *testing.B) {
	const rounds = 3
	const path = "../../bin/hub" // where make builds it: what is new there is not built again
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, ".")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	var empty, filled []time.Duration
	for b.Loop() {
		for range rounds {
			data := b.TempDir()
			empty = append(empty, firstPage(b, path, data))
			filled = append(filled, firstPage(b, path, data))
		}
	}
	b.ReportMetric(milliseconds(quantile(empty, 0.5)), "first_page_empty_ms")
	b.ReportMetric(milliseconds(quantile(filled, 0.5)), "first_page_filled_ms")
}

func firstPage(b *testing.B, path, data string) time.Duration {
	b.Helper()
	start := time.Now()
	hub := startChild(b, path, []string{"HUB_DATA=" + data}, "serve", "--demo")
	defer hub.stop()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, hub.site+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	took := time.Since(start)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(page), "</html>") {
		b.Fatalf("%d %.200s: %v", response.StatusCode, page, err)
	}
	return took
}
