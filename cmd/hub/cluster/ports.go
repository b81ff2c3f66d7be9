package cluster

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports are taken from below those that Linux gives to outgoing connections, so that none of
// thousands of connections sits on a node's port while the node is away.
const (
	lowestPort  = 15000
	highestPort = 32000
	portTries   = 1000
)

// freeAddresses are addresses of the loopback interface that nobody listens at.
func freeAddresses(n int) ([]string, error) {
	var found []string
	taken := map[int]bool{}
	for range portTries {
		if len(found) == n {
			return found, nil
		}
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		if taken[port] {
			continue
		}
		taken[port] = true
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		door, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		if err := door.Close(); err != nil {
			return nil, fmt.Errorf("cluster: find a free port: %w", err)
		}
		found = append(found, address)
	}
	return nil, errors.New("cluster: this machine has no free ports")
}
