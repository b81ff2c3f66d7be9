package cluster

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
)

// drainPause is how long a hub that stops says so before it does: several times as long as the
// proxy takes to notice.
const drainPause = 500 * time.Millisecond

// hubs makes the hubs. All of them know all services.
func (c *Cluster) hubs(listen []string) error {
	env, err := c.Services()
	if err != nil {
		return err
	}
	for i := range c.options.Hubs {
		name := fmt.Sprint("hub-", i+1)
		own := append(append(c.environment(), env...),
			"HUB_ADDR="+listen[i], "HUB_SITE=http://"+c.Proxy.Address, "HUB_TRUSTED_PROXIES=127.0.0.0/8",
			"HUB_DRAIN="+drainPause.String())
		if c.options.HubEnv != nil {
			own = append(own, c.options.HubEnv(i)...)
		}
		c.Hubs = append(c.Hubs, &Node{Name: name, Address: listen[i], engine: &process{
			path: c.options.Program, args: []string{"serve"}, env: own, log: c.logOf(name), ready: readiness(listen[i]),
		}})
	}
	return nil
}

// Services is the environment, as NAME=value, by which a hub or one of its commands reaches the
// cluster's Postgres, Redis and NATS.
func (c *Cluster) Services() ([]string, error) {
	databases := []*Node{c.Postgres}
	if c.Standby != nil {
		databases = append(databases, c.Standby)
	}
	hosts, err := c.reached(databases...)
	if err != nil {
		return nil, err
	}
	redis, err := c.reached(c.Redis)
	if err != nil {
		return nil, err
	}
	nats, err := c.reached(c.NATS...)
	if err != nil {
		return nil, err
	}
	for i := range nats {
		nats[i] = "nats://" + nats[i]
	}
	return []string{
		"DATABASE_URL=" + pgserver.PairURL("postgres", c.password, hosts...),
		"REDIS_URL=redis://" + redis[0], "NATS_URL=" + strings.Join(nats, ","),
	}, nil
}

// reached is where hubs find nodes. What stands between is asked for once a node.
func (c *Cluster) reached(nodes ...*Node) (addresses []string, err error) {
	for _, n := range nodes {
		at, known := c.between[n.Name]
		if !known {
			at = n.Address
			if c.options.Between != nil {
				if at, err = c.options.Between(n.Name, n.Address); err != nil {
					return nil, fmt.Errorf("cluster: what stands before %s: %w", n.Name, err)
				}
			}
			c.between[n.Name] = at
		}
		addresses = append(addresses, at)
	}
	return addresses, nil
}

// readiness asks a hub whether it takes visitors.
func readiness(address string) func(context.Context) error {
	client := &http.Client{Timeout: askLimit, Transport: &http.Transport{DisableKeepAlives: true}}
	return func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		said, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s says %d %s", address, response.StatusCode, said)
		}
		return err
	}
}
