//go:build tools

// Package tools keeps the ACME test authority's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/letsencrypt/pebble/v2/cmd/pebble"
