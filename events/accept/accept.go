// Package accept reads what a client says that it takes, for all that answer with something packed.
package accept

import (
	"net/http"
	"strconv"
	"strings"
)

// Encoding tells whether a client takes a content coding such as "gzip" (RFC 9110, section 12.5.3): it is
// named, or else * is, at a weight above 0. A weight that cannot be read counts as none, which is 1.
func Encoding(header http.Header, coding string) bool {
	anything := false
	for _, line := range header.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(item, ";")
			switch name = strings.ToLower(strings.TrimSpace(name)); {
			case name == coding, name == "x-"+coding: // the old name of gzip (section 8.4.1.3)
				return !isZero(weight)
			case name == "*":
				anything = !isZero(weight)
			}
		}
	}
	return anything
}

func isZero(weight string) bool {
	name, value, _ := strings.Cut(weight, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return strings.EqualFold(strings.TrimSpace(name), "q") && err == nil && q == 0
}
