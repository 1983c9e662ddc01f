//go:build tools

// Package tools keeps the S3 server's module in go.mod: nothing of ours is compiled here.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
