//go:build tools

// Package tools keeps compose's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/docker/compose/v2/cmd"
