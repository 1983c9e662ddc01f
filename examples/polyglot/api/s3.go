package main

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"polyglot/api/internal/jobs"
)

// The worker makes the bucket and names the objects the same way.
const bucket = "charts"

// charts is the jobs.Charts.
type charts struct{ client *minio.Client }

func openCharts(address, accessKey, secretKey string) (charts, error) {
	server, err := url.Parse(address)
	if err != nil {
		return charts{}, err
	}
	client, err := minio.New(server.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(accessKey, secretKey, ""),
		Secure: server.Scheme == "https",
		Region: "us-east-1",
	})
	return charts{client}, err
}

func (c charts) Open(ctx context.Context, id int32) (io.ReadCloser, error) {
	object, err := c.client.GetObject(ctx, bucket, fmt.Sprintf("%d.svg", id), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	_, err = object.Stat() // GetObject asks for nothing before the first read
	if err == nil {
		return object, nil
	}
	object.Close()
	if code := minio.ToErrorResponse(err).Code; code == minio.NoSuchKey || code == minio.NoSuchBucket {
		return nil, jobs.ErrNoChart
	}
	return nil, err
}
