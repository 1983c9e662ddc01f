//go:build tools

// Package tools keeps the forge's module in go.mod: nothing of ours is compiled here.
package tools

import _ "code.gitea.io/gitea"
