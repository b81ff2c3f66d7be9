package counters

import (
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	dialTimeout = 500 * time.Millisecond
	// answerTimeout is how long Redis may take for one command; it usually takes a thousandth of it.
	answerTimeout = 500 * time.Millisecond
	poolTimeout   = 500 * time.Millisecond
	// silence is how long Redis is left alone after it has failed, so that a dead one does not slow
	// down every request.
	silence = time.Second
)

// Options are the settings of a client for the Redis at a URL, which has the forms of
// redis.ParseURL: redis://user:password@host:6379/0, rediss:// for TLS, unix:///path/to/socket. More
// nodes of a cluster follow as addr=host:port parameters. The client gives up soon, because every
// caller has something else to turn to. An empty url leaves the address to the caller's Dialer.
func Options(url string) (*redis.UniversalOptions, error) {
	options := &redis.UniversalOptions{
		// Without this go-redis does not look at the deadlines of contexts.
		ContextTimeoutEnabled: true,
		// The defaults try a dead Redis for 1.7 s.
		DialerRetries: 1,
		MaxRetries:    1,
		DialTimeout:   dialTimeout,
		ReadTimeout:   answerTimeout,
		WriteTimeout:  answerTimeout,
		PoolTimeout:   poolTimeout,
	}
	if url == "" {
		return options, nil
	}
	if strings.Contains(url, "addr=") {
		return clusterOptions(options, url)
	}
	one, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("counters: read address of redis: %w", err)
	}
	options.Addrs, options.DB = []string{one.Addr}, one.DB
	options.Username, options.Password, options.TLSConfig = one.Username, one.Password, one.TLSConfig
	return options, nil
}

func clusterOptions(options *redis.UniversalOptions, url string) (*redis.UniversalOptions, error) {
	many, err := redis.ParseClusterURL(url)
	if err != nil {
		return nil, fmt.Errorf("counters: read addresses of redis: %w", err)
	}
	options.Addrs, options.IsClusterMode = many.Addrs, true
	options.Username, options.Password, options.TLSConfig = many.Username, many.Password, many.TLSConfig
	return options, nil
}
