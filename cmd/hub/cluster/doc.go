// Package cluster runs everything that a day of several hubs needs, on one machine, as real
// processes: three NATS nodes, Redis, a Postgres with a standby, three hubs, and a proxy before
// them. It shows how the parts hold together, and tests break them one by one.
//
//	visitors ─> proxy ─┬─> hub-1 ─┐
//	                   ├─> hub-2 ─┼─> postgres-1 ══> postgres-2 (standby)
//	                   └─> hub-3 ─┘   redis, nats-1 ═ nats-2 ═ nats-3
//
// Every part is a [Node]: it can be started, stopped, killed, frozen, and keeps its address on the
// loopback interface when it comes back. The hubs are asked for /readyz, and the proxy sends nobody
// to one that says no.
//
// A commit waits until the standby has it, so that [Cluster.Failover] loses nothing that was
// acknowledged. A standby that is lost is let go after a moment, and the log says so: a hub that
// cannot write is worse than one copy less. While it is let go there is no failover.
//
// Nothing outlives the program that started it, and nothing that it did not start is touched. What
// the processes say is in files of the cluster's folder.
package cluster
