package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"

	"github.com/nats-io/nats-server/v2/server"
)

// NATSNode is one server of a NATS cluster on this machine. Addresses are such as 127.0.0.1:14222.
type NATSNode struct {
	Name    string
	Listen  string   // for hubs and partners
	Cluster string   // for the other nodes
	Routes  []string // where the other nodes are; the node's own address may be among them
	Leaves  string   // where regional servers join as leaf nodes; empty: nowhere
}

// clusterName is what nodes that belong together agree on.
const clusterName = "actionday"

// ListenNATS returns a server that is ready for connections from other processes. It finds the
// other nodes whenever they come up. Nil logs nothing.
func ListenNATS(n NATSNode, log *slog.Logger) (*NATS, error) {
	o := &server.Options{ServerName: n.Name, MaxPayload: natsMaxPayload, NoSigs: true}
	o.Cluster.Name = clusterName
	var err, errCluster, errLeaves error
	o.Host, o.Port, err = split(n.Listen)
	o.Cluster.Host, o.Cluster.Port, errCluster = split(n.Cluster)
	if n.Leaves != "" {
		o.LeafNode.Host, o.LeafNode.Port, errLeaves = split(n.Leaves)
	}
	if err := errors.Join(err, errCluster, errLeaves); err != nil {
		return nil, err
	}
	for _, route := range n.Routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "nats-route", Host: route})
	}
	s, err := server.NewServer(o)
	if err != nil {
		return nil, fmt.Errorf("embedded: make NATS node %s: %w", n.Name, err)
	}
	if log != nil {
		s.SetLogger(natsLog{log}, false, false)
	}
	s.Start()
	if !s.ReadyForConnections(natsStartLimit) {
		s.Shutdown()
		return nil, fmt.Errorf("embedded: the NATS node %s did not become ready", n.Name)
	}
	return &NATS{s}, nil
}

func split(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil {
		return "", 0, fmt.Errorf("embedded: %q is not an address such as 127.0.0.1:14222", address)
	}
	return host, port, nil
}
