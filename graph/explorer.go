package graph

import (
	"net/http"

	"github.com/microgalleries/actionday/graph/explorer"
)

// Endpoint is the path that the hub's own pages ask at.
const Endpoint = "/graphql"

// Explorer is the page on which people try out queries against Endpoint. Mount it on a path that ends
// with a slash.
func Explorer() (http.Handler, error) { return explorer.Handler(Endpoint) }
