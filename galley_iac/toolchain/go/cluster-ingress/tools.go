//go:build tools

// Package tools keeps the ingress controller's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/traefik/traefik/v3/cmd/traefik"
