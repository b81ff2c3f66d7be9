// Package pgserver runs a real, private Postgres server as a child process, so that one command
// brings up the whole hub and every test binary has a database of its own.
//
// It downloads nothing. It finds the server programs that the machine already has, or those that
// npm put beside the pages' source, and refuses with one complete explanation when there are
// none: [NotFound] lists every place looked at, why it would not do, and what to do about it.
//
// A data folder belongs to one server at a time, and looks like this:
//
//	<data>/pgserver.lock   locked while a server of ours uses the folder
//	<data>/pg18            the cluster, named after its major version
//	<data>/pg18.new        a cluster being made; renamed when complete, swept when found
//	<data>/run             the unix socket, the only way in unless Options.Listen is given
//	<data>/hba.conf        who may come by the network, if anybody
//
// Three promises shape the code:
//
//   - A cluster is either complete or absent. initdb works in pg18.new, because an interrupted
//     initdb leaves a folder that looks valid.
//   - The server never outlives us for long. It stops when [Server.Stop] is called, and on Linux
//     also when our process is killed: the kernel then sends it a fast shutdown.
//   - It runs for everybody. Postgres refuses to run as root, so root starts it in a user
//     namespace in which root outside is "nobody" inside: no file changes owner and folders
//     closed to others work. Where namespaces are forbidden it runs as a real other user.
//
// A server can be followed by a standby ([Options.Follow]), which takes over with every acknowledged
// commit when the leader was told to wait for it ([Server.RequireCopy]).
//
// Connections need no password: the socket lies in a folder that only we may enter. What is in
// the databases is the caller's business; this package creates none but the cluster's own.
package pgserver
