package jobs

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

var errAway = errors.New("away")

// store is a Store in memory; with `away` set it answers nothing.
type store struct {
	jobs map[int32]Job
	away error
}

func (s *store) Add(_ context.Context, text string) (int32, error) {
	id := int32(len(s.jobs) + 1)
	s.jobs[id] = Job{ID: id, Text: text, State: "pending"}
	return id, s.away
}

func (s *store) Get(_ context.Context, id int32) (Job, error) {
	job, found := s.jobs[id]
	if !found {
		return job, ErrNotFound
	}
	return job, s.away
}

func (s *store) Newest(context.Context) ([]Job, error) {
	newest := []Job{}
	for _, job := range s.jobs {
		newest = append(newest, job)
	}
	return newest, s.away
}

func (s *store) Remove(_ context.Context, id int32) error {
	delete(s.jobs, id)
	return nil
}

func (s *store) Ping(context.Context) error { return s.away }

// queue is a Queue in memory.
type queue struct {
	pushed []int32
	away   error
}

func (q *queue) Push(_ context.Context, id int32) error {
	if q.away == nil {
		q.pushed = append(q.pushed, id)
	}
	return q.away
}

func (q *queue) Ping(context.Context) error { return q.away }

// charts is a Charts in memory.
type charts map[int32]string

func (c charts) Open(_ context.Context, id int32) (io.ReadCloser, error) {
	drawing, found := c[id]
	if !found {
		return nil, ErrNoChart
	}
	return io.NopCloser(strings.NewReader(drawing)), nil
}

// fixture is an api whose neighbours are in memory.
type fixture struct {
	store  *store
	queue  *queue
	charts charts
}

func newFixture() fixture {
	return fixture{&store{jobs: map[int32]Job{}}, &queue{}, charts{}}
}

// ask sends one request and returns the status and the body.
func (f fixture) ask(method, path, body string) (int, string) {
	answer := f.answer(method, path, body)
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

func (f fixture) answer(method, path, body string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler := Handler{Store: f.store, Queue: f.queue, Charts: f.charts}
	handler.Routes().ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	return answer
}

func expect(t *testing.T, status int, body string, wantStatus int, wantBody string) {
	t.Helper()
	if status != wantStatus || body != wantBody {
		t.Errorf("got %d %s, want %d %s", status, body, wantStatus, wantBody)
	}
}

func TestAJobIsStoredThenQueued(t *testing.T) {
	f := newFixture()
	status, body := f.ask("POST", "/jobs", `{"text": "hello"}`)
	expect(t, status, body, http.StatusAccepted, `{"id":1}`)
	if f.store.jobs[1].Text != "hello" || len(f.queue.pushed) != 1 || f.queue.pushed[0] != 1 {
		t.Errorf("stored %v, queued %v", f.store.jobs, f.queue.pushed)
	}
}

func TestAJobIsShownWithItsLettersWhenDone(t *testing.T) {
	f := newFixture()
	f.ask("POST", "/jobs", `{"text": "hello"}`)
	status, body := f.ask("GET", "/jobs/1", "")
	expect(t, status, body, http.StatusOK, `{"id":1,"text":"hello","state":"pending","letters":null}`)
	letters := int32(5)
	f.store.jobs[1] = Job{ID: 1, Text: "hello", State: "done", Letters: &letters}
	status, body = f.ask("GET", "/jobs", "")
	expect(t, status, body, http.StatusOK, `[{"id":1,"text":"hello","state":"done","letters":5}]`)
}

func TestNoJobsAreAnEmptyListAndNotNull(t *testing.T) {
	status, body := newFixture().ask("GET", "/jobs", "")
	expect(t, status, body, http.StatusOK, `[]`)
}

func TestAnUnknownJobIsNotFound(t *testing.T) {
	for _, path := range []string{"/jobs/9", "/jobs/0", "/jobs/x", "/jobs/99999999999"} {
		status, body := newFixture().ask("GET", path, "")
		expect(t, status, body, http.StatusNotFound, `{"error":"no such job"}`)
	}
}

func TestATextThatCannotBeStoredIsRefused(t *testing.T) {
	tooLong := strings.Repeat("é", LongestText+1)
	for text, problem := range map[string]string{
		"": "text is missing", "  ": "text is missing", `a\u0000b`: "text contains a NUL", tooLong: "text is too long",
	} {
		f := newFixture()
		status, body := f.ask("POST", "/jobs", `{"text": "`+text+`"}`)
		expect(t, status, body, http.StatusUnprocessableEntity, `{"error":"`+problem+`"}`)
		if len(f.store.jobs) != 0 {
			t.Errorf("%.20q was stored", text)
		}
	}
}

func TestTheLongestTextIsAccepted(t *testing.T) {
	text := strings.Repeat(`\ud83d\ude00`, LongestText) // twelve bytes each, one character
	status, body := newFixture().ask("POST", "/jobs", `{"text": "`+text+`"}`)
	expect(t, status, body, http.StatusAccepted, `{"id":1}`)
}

func TestABodyThatIsNotJSONIsRefused(t *testing.T) {
	for _, body := range []string{"", "[", "[]", `{"text": 1}`, `{"text": "` + strings.Repeat("a", longestBody) + `"}`} {
		status, answer := newFixture().ask("POST", "/jobs", body)
		expect(t, status, answer, http.StatusBadRequest, `{"error":"the body is not a JSON object with a text"}`)
	}
}

func TestAJobThatCannotBeQueuedIsTakenBack(t *testing.T) {
	f := newFixture()
	f.queue.away = errAway
	status, body := f.ask("POST", "/jobs", `{"text": "hello"}`)
	expect(t, status, body, http.StatusServiceUnavailable, `{"error":"a neighbour of the api does not answer"}`)
	if len(f.store.jobs) != 0 {
		t.Errorf("left behind: %v", f.store.jobs)
	}
}

func TestHealthIsThatOfDatabaseAndQueue(t *testing.T) {
	status, body := newFixture().ask("GET", "/healthz", "")
	expect(t, status, body, http.StatusOK, `{"status":"ok"}`)
	withoutStore, withoutQueue := newFixture(), newFixture()
	withoutStore.store.away, withoutQueue.queue.away = errAway, errAway
	for _, f := range []fixture{withoutStore, withoutQueue} {
		status, body := f.ask("GET", "/healthz", "")
		expect(t, status, body, http.StatusServiceUnavailable, `{"error":"a neighbour of the api does not answer"}`)
	}
}

func TestAChartIsServedAsAPicture(t *testing.T) {
	f := newFixture()
	f.charts[1] = "<svg/>"
	answer := f.answer("GET", "/jobs/1/chart.svg", "")
	expect(t, answer.Code, answer.Body.String(), http.StatusOK, "<svg/>")
	if kind := answer.Header().Get("Content-Type"); kind != "image/svg+xml" {
		t.Errorf("served as %s", kind)
	}
	status, body := f.ask("GET", "/jobs/2/chart.svg", "")
	expect(t, status, body, http.StatusNotFound, `{"error":"no chart of this job"}`)
}

func TestPagesOfAnyOriginMayCall(t *testing.T) {
	for _, method := range []string{"GET", "OPTIONS"} {
		header := newFixture().answer(method, "/jobs", "").Header()
		if header.Get("Access-Control-Allow-Origin") != "*" || header.Get("Access-Control-Allow-Headers") != "Content-Type" {
			t.Errorf("%s: %v", method, header)
		}
	}
	status, _ := newFixture().ask("OPTIONS", "/jobs", "")
	expect(t, status, "", http.StatusNoContent, "")
}
