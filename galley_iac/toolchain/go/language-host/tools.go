//go:build tools

// Package tools keeps the language host's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
