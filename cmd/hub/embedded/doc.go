// Package embedded holds the two services that the hub brings along when it is given no address
// for them: a NATS server and a Redis, both within the program. They open no port and write no
// file, unless a node of a cluster on one machine is asked for by [ListenNATS] or [ListenRedis]. Postgres, the third, is a process of its own: see package db/pgserver.
//
// What connects to them are the ordinary clients; only the way in differs, and a caller never
// notices. Several hubs cannot share them: that takes real servers and their addresses.
package embedded
