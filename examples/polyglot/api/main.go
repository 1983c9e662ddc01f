// The API: takes texts, queues them for the worker, and serves the charts that the worker draws.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"polyglot/api/internal/jobs"
)

const address = ":8080"

func main() {
	// As process 1 of a container a program gets no default handling of SIGTERM.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

// run serves until the context ends, then lets the requests under way finish.
func run(ctx context.Context) error {
	handler, err := connect(ctx)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: address, Handler: handler.Routes(), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Printf("listening on %s", address)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(closing)
}

func connect(ctx context.Context) (jobs.Handler, error) {
	store, storeErr := openPostgres(ctx, os.Getenv("DATABASE_URL"))
	queue, queueErr := openQueue(os.Getenv("REDIS_URL"))
	charts, chartsErr := openCharts(os.Getenv("S3_URL"), os.Getenv("S3_ACCESS_KEY"), os.Getenv("S3_SECRET_KEY"))
	return jobs.Handler{Store: store, Queue: queue, Charts: charts}, errors.Join(storeErr, queueErr, chartsErr)
}
