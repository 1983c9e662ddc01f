package main

import (
	"context"
	_ "embed"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"polyglot/api/internal/jobs"
)

//go:embed schema.sql
var schema string

// postgres is the jobs.Store.
type postgres struct{ pool *pgxpool.Pool }

// openPostgres connects and makes the table.
func openPostgres(ctx context.Context, url string) (postgres, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return postgres{}, err
	}
	_, err = pool.Exec(ctx, schema)
	return postgres{pool}, err
}

func (p postgres) Add(ctx context.Context, text string) (id int32, err error) {
	err = p.pool.QueryRow(ctx, "INSERT INTO jobs (text) VALUES ($1) RETURNING id", text).Scan(&id)
	return id, err
}

func (p postgres) Get(ctx context.Context, id int32) (jobs.Job, error) {
	rows, err := p.pool.Query(ctx, "SELECT id, text, state, letters FROM jobs WHERE id = $1", id)
	if err != nil {
		return jobs.Job{}, err
	}
	job, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[jobs.Job])
	if errors.Is(err, pgx.ErrNoRows) {
		return jobs.Job{}, jobs.ErrNotFound
	}
	return job, err
}

func (p postgres) Newest(ctx context.Context) ([]jobs.Job, error) {
	rows, err := p.pool.Query(ctx, "SELECT id, text, state, letters FROM jobs ORDER BY id DESC LIMIT 50")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[jobs.Job])
}

func (p postgres) Remove(ctx context.Context, id int32) error {
	_, err := p.pool.Exec(ctx, "DELETE FROM jobs WHERE id = $1", id)
	return err
}

func (p postgres) Ping(ctx context.Context) error { return p.pool.Ping(ctx) }
