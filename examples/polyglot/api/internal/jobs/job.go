// Package jobs is the API without its neighbours: what a job is, and the HTTP around it.
package jobs

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// LongestText is the most characters that a job's text may have.
const LongestText = 10_000

// Errors that the neighbours return and the handler turns into a status.
var (
	ErrNotFound = errors.New("no such job")
	ErrNoChart  = errors.New("no chart of this job")
)

// Job is a text whose letters are counted and drawn: "pending" until the worker has stored its chart, then "done".
type Job struct {
	ID      int32  `json:"id"`
	Text    string `json:"text"`
	State   string `json:"state"`
	Letters *int32 `json:"letters"`
}

// Store keeps the jobs.
type Store interface {
	Add(ctx context.Context, text string) (int32, error)
	Get(ctx context.Context, id int32) (Job, error) // ErrNotFound
	Newest(ctx context.Context) ([]Job, error)
	Remove(ctx context.Context, id int32) error
	Ping(ctx context.Context) error
}

// Queue hands a job to the worker.
type Queue interface {
	Push(ctx context.Context, id int32) error
	Ping(ctx context.Context) error
}

// Charts holds what the worker drew, as SVG.
type Charts interface {
	Open(ctx context.Context, id int32) (io.ReadCloser, error) // ErrNoChart
}

// ProblemWith says what is wrong with a job's text, or "".
func ProblemWith(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "text is missing"
	case utf8.RuneCountInString(text) > LongestText:
		return "text is too long"
	case strings.ContainsRune(text, 0): // Postgres has no such text
		return "text contains a NUL"
	}
	return ""
}
