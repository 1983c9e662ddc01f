// A server that is all there is in its image: it answers /healthz with 200 and everything else with 302.
package main

import (
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) { answer.Write([]byte("well\n")) })
	http.Handle("/", http.RedirectHandler("/healthz", http.StatusFound))
	log.Print("serving")
	log.Fatal(http.ListenAndServe(":8000", nil))
}
