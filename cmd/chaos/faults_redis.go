package main

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// counts is the key under which Redis has the counts.
func (r *rig) counts() string { return "hub:{" + r.edition + "}:counts" }

func redisKilled(_ context.Context, r *rig) (healing, error) {
	r.cluster.Redis.Kill()
	return r.cluster.Redis.Start, nil
}

func redisFrozen(_ context.Context, r *rig) (healing, error) {
	r.cluster.Redis.Pause()
	return func(context.Context) error { r.cluster.Redis.Resume(); return nil }, nil
}

func redisFlushed(ctx context.Context, r *rig) (healing, error) {
	return nil, r.redis.FlushAll(ctx).Err()
}

// redisEvicts drops the counts alone, as a Redis that is short of memory does.
func redisEvicts(ctx context.Context, r *rig) (healing, error) {
	return nil, r.redis.Del(ctx, r.counts()).Err()
}

// redisOld puts an older copy in place, as a failover does that lost the tail.
func redisOld(ctx context.Context, r *rig) (healing, error) {
	old, err := r.redis.Dump(ctx, r.counts()).Result()
	if errors.Is(err, redis.Nil) { // it is being rebuilt in this moment
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := rest(ctx, moment); err != nil {
		return nil, err
	}
	return nil, r.redis.RestoreReplace(ctx, r.counts(), 0, old).Err()
}
