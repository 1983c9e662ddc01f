package main

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// list is the Redis list that the worker takes jobs from, at its other end.
const list = "jobs"

// queue is the jobs.Queue.
type queue struct{ client *redis.Client }

func openQueue(url string) (queue, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return queue{}, err
	}
	return queue{redis.NewClient(options)}, nil
}

func (q queue) Push(ctx context.Context, id int32) error { return q.client.LPush(ctx, list, id).Err() }

func (q queue) Ping(ctx context.Context) error { return q.client.Ping(ctx).Err() }
