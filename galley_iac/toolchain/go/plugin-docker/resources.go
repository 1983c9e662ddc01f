package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// resources maps every resource of the Terraform provider to the token under which the Python package
// pulumi-docker asks for it. Where the two disagree on a property's name, the Python package's is named here.
func resources() map[string]*tfbridge.ResourceInfo {
	return map[string]*tfbridge.ResourceInfo{
		"docker_buildx_builder": resource("BuildxBuilder"),
		"docker_config":         resource("ServiceConfig"),
		"docker_container":      container(),
		"docker_image":          resource("RemoteImage"),
		"docker_network":        resource("Network"),
		"docker_plugin":         resource("Plugin"),
		"docker_registry_image": resource("RegistryImage"),
		"docker_secret":         resource("Secret"),
		"docker_service":        resource("Service"),
		"docker_tag":            resource("Tag"),
		"docker_volume":         resource("Volume"),
	}
}

// config names the provider's own properties where the Python package's name is another than the bridge's.
func config() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{"registry_auth": {Name: "registryAuth"}}
}

// dataSources maps every data source in the same way.
func dataSources() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"docker_image":                    dataSource("getRemoteImage"),
		"docker_logs":                     dataSource("getLogs"),
		"docker_network":                  dataSource("getNetwork"),
		"docker_plugin":                   dataSource("getPlugin"),
		"docker_registry_image":           dataSource("getRegistryImage"),
		"docker_registry_image_manifests": dataSource("getRegistryImageManifests"),
	}
}

// container is deleted before its replacement is created: two containers cannot share a name or a port.
func container() *tfbridge.ResourceInfo {
	info := resource("Container")
	info.DeleteBeforeReplace = true
	info.Fields = map[string]*tfbridge.SchemaInfo{
		"command":           {Name: "command"},
		"networks_advanced": {Name: "networksAdvanced"},
	}
	return info
}

func resource(name string) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tokens.Type(token(name))}
}

func dataSource(name string) *tfbridge.DataSourceInfo {
	return &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token(name))}
}

// token follows Pulumi's scheme for packages with one module: docker:index/container:Container.
func token(name string) string {
	return packageName + ":index/" + lowerFirst(name) + ":" + name
}

func lowerFirst(name string) string {
	return string(name[0]|0x20) + name[1:]
}
