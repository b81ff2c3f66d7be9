// Package wire carries GraphQL over HTTP: queries and mutations by POST, queries by GET (GraphQL
// over HTTP), subscriptions as server-sent events (graphql-sse, distinct connections) and over
// WebSocket (graphql-transport-ws). It knows how a request and an answer look on the wire, and
// nothing of what they say; every operation goes through a graphql.GraphExecutor.
//
// Everything has a bound with a name: bodies, answers, the time to read, to answer and to write, the
// standing connections of one address and of the hub, the subscriptions and messages of a socket.
// Whoever does not read is cut off, never waited for.
package wire
