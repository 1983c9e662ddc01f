//go:build tools

// Package tools keeps the CLI's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
