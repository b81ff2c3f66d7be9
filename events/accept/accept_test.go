package accept

import (
	"net/http"
	"testing"
)

func TestEncoding(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "x-gzip": true, "deflate, gzip;q=0.5": true, "br": false,
		"gzip;q=0": false, "gzip; q=0.000": false, "gzip;Q=0": false, "gzip ; q = 0.0": false, "gzip;q=0.001": true,
		"*": true, "*;q=0": false, "gzip;q=0, *": false, "*;q=0, gzip": true, "identity": false, "gzip;q=x": true,
		"gzipped": false, "br;q=1.0, gzip;q=0.8, *;q=0.1": true, ",,gzip,": true, ";q=1": false,
	} {
		if got := Encoding(http.Header{"Accept-Encoding": {line}}, "gzip"); got != want {
			t.Errorf("%q takes gzip: %t", line, got)
		}
	}
	if !Encoding(http.Header{"Accept-Encoding": {"br", "gzip"}}, "gzip") {
		t.Error("the second of two lines is not read")
	}
	if header := (http.Header{"Accept-Encoding": {"gzip, br;q=0"}}); Encoding(header, "br") || !Encoding(header, "gzip") {
		t.Error("one coding is taken for another")
	}
}
