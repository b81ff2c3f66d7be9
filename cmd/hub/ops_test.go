package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestOperatorsListener(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{OpsAddr: ":0"})
	edition := h.today()
	id := h.signedIn("host@example.org").registers(edition, "Wall of birds").text("registerEvent.event.id")
	h.signedIn("steward@example.org", "STEWARD").approves(id)
	news := h.anybody().follows(follow, "edition", edition.ID.String(), "after", "00000000-0")
	news.next()
	second := h.anybody().follows(follow, "edition", edition.ID.String())
	address := h.ops.listener.Addr().String()
	if !strings.HasPrefix(address, "127.0.0.1:") {
		t.Errorf("without a host it listens at %s", address)
	}
	for _, line := range []string{
		"hub_standing_connections ", "hub_shared_executions 1", `hub_log_head{edition="` + edition.ID.String() + `"} `,
		"hub_outbox_waiting ", "hub_outbox_oldest_seconds ", "hub_sequencer_lag_seconds ", "hub_database_up 1",
		"go_goroutines ", "process_resident_memory_bytes ",
	} {
		eventually(t, "the gauges tell "+line, func() bool {
			return strings.Contains("\n"+opsGet(t, address, "/metrics"), "\n"+line)
		})
	}
	if profile := opsGet(t, address, "/debug/pprof/goroutine?debug=1"); !strings.Contains(profile, "goroutine profile: total") {
		t.Errorf("the profile is %.200s", profile)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if a := h.anybody().get(path); a.status != http.StatusNotFound {
			t.Errorf("the public listener answers %s with %d", path, a.status)
		}
	}
	second.cut()
}

func TestOperatorsListenerIsOff(t *testing.T) {
	t.Parallel()
	if h := startHub(t, settings{}, serveCommand{}); h.ops.listener != nil {
		t.Error("it listens without having been told to")
	}
	for _, wrong := range []string{"6060", "a:b:c"} {
		if _, err := tryHub(t, settings{}, serveCommand{OpsAddr: wrong}); err == nil || !strings.Contains(err.Error(), "HUB_OPS_ADDR") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func opsGet(t *testing.T, address, path string) string {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v %.200s", path, response.StatusCode, err, body)
	}
	return string(body)
}
