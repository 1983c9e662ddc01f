// The Pulumi plugin "kubernetes": Pulumi's own provider, with the schema and the mapping that its module carries.
// The set-up stores both beside the executable, from where they are read when Pulumi starts the plugin.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker.
var version = "0.0.0"

func main() {
	schema, err := beside("schema.json")
	if err == nil {
		var mapping []byte
		mapping, err = beside("terraform-mapping.json")
		if err == nil {
			provider.Serve("kubernetes", version, schema, mapping)
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func beside(name string) ([]byte, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(filepath.Dir(program), name))
}
