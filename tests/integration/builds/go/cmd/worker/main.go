// Command worker says that it works.
package main

import (
	"flag"
	"fmt"
	"time"

	"github.com/google/uuid"
)

func main() {
	every := flag.Duration("every", time.Minute, "time between two messages")
	flag.Parse()
	for {
		fmt.Println("working", uuid.NewString())
		time.Sleep(*every)
	}
}
