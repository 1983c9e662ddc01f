// Command server says what it was started with; it is well only when it is asked for the full check.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"runtime"

	"github.com/google/uuid"
)

func main() {
	http.HandleFunc("/healthz", func(response http.ResponseWriter, request *http.Request) {
		if request.URL.Query().Get("full") != "1" {
			response.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("/{$}", func(response http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(response).Encode(map[string]any{
			"release":    os.Getenv("RELEASE"),
			"debug":      os.Getenv("DEBUG"),
			"processors": runtime.GOMAXPROCS(0),
			"id":         uuid.NewSHA1(uuid.NameSpaceDNS, []byte(os.Getenv("RELEASE"))),
		})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
