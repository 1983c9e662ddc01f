package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"strconv"
	"time"
)

// A neighbour that takes longer than this counts as away.
const healthTimeout = 3 * time.Second

// More than the longest text can take as JSON, where one character may be twelve bytes (two \uXXXX).
const longestBody = 12*LongestText + 1024

// Handler answers for the whole API.
type Handler struct {
	Store  Store
	Queue  Queue
	Charts Charts
}

// Routes is the API with its paths, open to pages of any origin: it knows no cookies, so that there is nothing a
// foreign page could borrow, and the same page may have two addresses.
func (h Handler) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.health)
	mux.HandleFunc("GET /jobs", h.list)
	mux.HandleFunc("POST /jobs", h.add)
	mux.HandleFunc("GET /jobs/{id}", h.one)
	mux.HandleFunc("GET /jobs/{id}/chart.svg", h.chart)
	return anyOrigin(mux)
}

func anyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		if r.Method == http.MethodOptions { // the browser asks whether it may send JSON
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h Handler) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
	defer cancel()
	if err := errors.Join(h.Store.Ping(ctx), h.Queue.Ping(ctx)); err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) {
	newest, err := h.Store.Newest(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, newest)
}

func (h Handler) add(w http.ResponseWriter, r *http.Request) {
	var body struct{ Text string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestBody)).Decode(&body); err != nil {
		problem(w, http.StatusBadRequest, "the body is not a JSON object with a text")
		return
	}
	if wrong := ProblemWith(body.Text); wrong != "" {
		problem(w, http.StatusUnprocessableEntity, wrong)
		return
	}
	id, err := h.Store.Add(r.Context(), body.Text)
	if err == nil {
		err = h.queue(r, id)
	}
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusAccepted, map[string]int32{"id": id})
}

// queue hands the job over, or takes it back: nobody would ever work on one that is not in the queue.
func (h Handler) queue(r *http.Request, id int32) error {
	err := h.Queue.Push(r.Context(), id)
	if err != nil {
		err = errors.Join(err, h.Store.Remove(r.Context(), id))
	}
	return err
}

func (h Handler) one(w http.ResponseWriter, r *http.Request) {
	job, err := h.Store.Get(r.Context(), idOf(r))
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, job)
}

func (h Handler) chart(w http.ResponseWriter, r *http.Request) {
	drawing, err := h.Charts.Open(r.Context(), idOf(r))
	if err != nil {
		fail(w, err)
		return
	}
	defer drawing.Close()
	w.Header().Set("Content-Type", "image/svg+xml")
	if _, err := io.Copy(w, drawing); err != nil {
		log.Printf("chart: %v", err)
	}
}

// idOf is the path's job, or 0, which no job has.
func idOf(r *http.Request) int32 {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 32)
	if err != nil {
		return 0
	}
	return int32(id)
}

func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoChart) {
		problem(w, http.StatusNotFound, err.Error())
		return
	}
	log.Print(err)
	problem(w, http.StatusServiceUnavailable, "a neighbour of the api does not answer")
}

func problem(w http.ResponseWriter, status int, text string) {
	answer(w, status, map[string]string{"error": text})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Printf("answer: %v", err)
	}
}
