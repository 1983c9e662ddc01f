// The Pulumi plugin "docker", assembled from Terraform's docker provider and Pulumi's bridge: the code inside
// the official plugin, without its own Image resource (RemoteImage builds and pulls).
//
// Called with --write-schema FILE it writes its Pulumi schema; the set-up stores that as schema.json beside the
// executable, from where it is read when Pulumi starts the plugin.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

const packageName = "docker"

// version is set by the linker.
var version = "0.0.0"

func main() {
	var err error
	if len(os.Args) == 3 && os.Args[1] == "--write-schema" {
		err = writeSchema(os.Args[2])
	} else {
		err = serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	schema, err := readSchema()
	if err != nil {
		return err
	}
	tfbridge.Main(packageName, version, info(), schema)
	return nil
}

func readSchema() ([]byte, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(filepath.Dir(program), "schema.json"))
}

func writeSchema(path string) error {
	sink := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	schema, err := tfgen.GenerateSchema(info(), sink)
	if err != nil {
		return err
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func info() tfbridge.ProviderInfo {
	return tfbridge.ProviderInfo{
		P:           sdkv2.NewProvider(provider.New(version)()),
		Name:        packageName,
		Version:     version,
		Config:      config(),
		Resources:   resources(),
		DataSources: dataSources(),
	}
}
