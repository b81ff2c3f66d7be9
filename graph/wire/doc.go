// Package wire carries GraphQL over HTTP: queries and mutations by POST, queries by GET (GraphQL
// over HTTP), subscriptions as server-sent events (graphql-sse, distinct connections) and over
// WebSocket (graphql-transport-ws). It knows how a request and an answer look on the wire, and
// nothing of what they say; every operation goes through a graphql.GraphExecutor.
//
// A crowd that asks the same is one audience. The first subscriber of a @shared subscription starts
// its one execution; who asks in the same words with the same variables is seated beside it. Every
// answer is encoded once and prepared once as a frame, into which only the subscriber's own
// operation id goes:
//
//	execution ─> broadcast ─> prepared bytes ─> shard ─> seat, seat, seat ... (a seat is a connection)
//	                                       └──> shard ─> seat, seat ...
//
// Who comes back goes on with answers that are remembered, if one of them begins at its position,
// and else by an execution of its own up to where it stands with the others. Who comes without a
// position to a stream that greets has such an execution, too, to be told how things stand.
//
// An operation that asks for a @personal field, however deep, is executed for each of its readers
// alone; and so are those that come when too many different ones are shared.
//
// A shard is one goroutine that does all writing and closing for its seats, so a connection needs no
// lock and no goroutine of its own. On Linux it sends on the descriptor without waiting, and one
// poller tells who has spoken; elsewhere the net package does both. What one seat does not read in
// time is dropped and caught up from the log, or the seat is cut: nobody waits for it.
//
// A quiet event stream shows life by comments. A page that asks for it by {"heartbeat": true} in the
// request's extensions gets an event `heartbeat` with the hub's time instead, the first at once, so
// that it notices when its connection has died without a word and when its own clock is wrong.
//
// Everything has a bound with a name: bodies, answers, the time to read, to answer and to write, the
// standing connections of one address and of the hub, the subscriptions and messages of a socket.
package wire
