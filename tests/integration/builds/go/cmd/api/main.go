// Command api answers who it is.
package main

import (
	"log"
	"net/http"
	"os"
	"time"

	"example.test/shop/internal/answer"
)

func main() {
	if _, err := time.LoadLocation("Europe/Berlin"); err != nil {
		log.Fatal(err)
	}
	page, err := os.ReadFile("page.txt")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) { answer.Write(response, string(page)) })
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
