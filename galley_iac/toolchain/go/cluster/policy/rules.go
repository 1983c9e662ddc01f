package main

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const hook = "GALLEY-POLICY"

type cluster struct {
	pods       []*core.Pod
	namespaces []*core.Namespace
	policies   []*networking.NetworkPolicy
}

// A peer is an address or a range on the other side; pod is nil for a range.
type peer struct {
	address string
	pod     *core.Pod
}

// A direction has its chain's letter, the option that names the pod's own address, and that for the peer's.
type direction struct {
	kind      networking.PolicyType
	letter    string
	own, peer string
}

var directions = []direction{
	{networking.PolicyTypeEgress, "E", "-s", "-d"},
	{networking.PolicyTypeIngress, "I", "-d", "-s"},
}

// render returns the input of iptables-restore and the chains that it makes; those of before that are gone are removed.
func render(state cluster, before []string) (string, []string) {
	var jumps, rules, chains []string
	for number, pod := range state.running() {
		for _, way := range directions {
			allowed, isolated := state.allowed(pod, way)
			if !isolated {
				continue
			}
			chain := fmt.Sprintf("GALLEY-%s%d", way.letter, number)
			chains = append(chains, chain)
			jumps = append(jumps, fmt.Sprintf("-A %s %s %s -j %s", hook, way.own, pod.Status.PodIP, chain))
			for _, match := range allowed {
				rules = append(rules, fmt.Sprintf("-A %s%s -j RETURN", chain, match))
			}
			rules = append(rules, fmt.Sprintf("-A %s -j DROP", chain))
		}
	}
	lines := []string{"*mangle", ":" + hook + " - [0:0]"}
	for _, chain := range union(chains, before) {
		lines = append(lines, ":"+chain+" - [0:0]")
	}
	lines = append(lines, "-A "+hook+" -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN")
	lines = append(append(lines, jumps...), rules...)
	for _, chain := range before {
		if !slices.Contains(chains, chain) {
			lines = append(lines, "-X "+chain)
		}
	}
	return strings.Join(append(lines, "COMMIT", ""), "\n"), chains
}

// running are the pods with an address of their own: an address of a pod that has ended may belong to another by now.
func (state cluster) running() []*core.Pod {
	var found []*core.Pod
	for _, pod := range state.pods {
		ended := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
		if pod.Status.PodIP != "" && !pod.Spec.HostNetwork && !ended {
			found = append(found, pod)
		}
	}
	slices.SortFunc(found, func(a, b *core.Pod) int { return strings.Compare(a.Status.PodIP, b.Status.PodIP) })
	return found
}

// allowed are the matches of all policies that select the pod for this direction; isolated says whether one does.
func (state cluster) allowed(pod *core.Pod, way direction) (matches []string, isolated bool) {
	for _, policy := range state.policies {
		if policy.Namespace != pod.Namespace || !slices.Contains(policy.Spec.PolicyTypes, way.kind) ||
			!selects(&policy.Spec.PodSelector, pod.Labels) {
			continue
		}
		isolated = true
		if way.kind == networking.PolicyTypeIngress {
			for _, rule := range policy.Spec.Ingress {
				matches = append(matches, state.matches(pod, way, rule.From, rule.Ports)...)
			}
			continue
		}
		for _, rule := range policy.Spec.Egress {
			matches = append(matches, state.matches(pod, way, rule.To, rule.Ports)...)
		}
	}
	return matches, isolated
}

func (state cluster) matches(
	pod *core.Pod, way direction, from []networking.NetworkPolicyPeer, ports []networking.NetworkPolicyPort,
) []string {
	var found []string
	for _, other := range state.peers(pod.Namespace, from) {
		server := pod
		if way.kind == networking.PolicyTypeEgress {
			server = other.pod
		}
		for _, port := range matchPorts(ports, server) {
			found = append(found, fmt.Sprintf(" %s %s%s", way.peer, other.address, port))
		}
	}
	return found
}

// peers are all addresses that the list means; an empty list means every address.
func (state cluster) peers(namespace string, list []networking.NetworkPolicyPeer) []peer {
	if len(list) == 0 {
		return []peer{{address: "0.0.0.0/0"}}
	}
	var found []peer
	for _, item := range list {
		if item.IPBlock != nil {
			for _, part := range without(item.IPBlock.CIDR, item.IPBlock.Except) {
				found = append(found, peer{address: part})
			}
			continue
		}
		for _, pod := range state.running() {
			if state.inNamespace(pod, namespace, item.NamespaceSelector) && selects(item.PodSelector, pod.Labels) {
				found = append(found, peer{pod.Status.PodIP, pod})
			}
		}
	}
	return found
}

// inNamespace: without a selector only the policy's own namespace counts.
func (state cluster) inNamespace(pod *core.Pod, own string, selector *meta.LabelSelector) bool {
	if selector == nil {
		return pod.Namespace == own
	}
	for _, namespace := range state.namespaces {
		if namespace.Name == pod.Namespace {
			return selects(selector, namespace.Labels)
		}
	}
	return false
}

// selects: no selector and an empty one select everything; the API server has refused those that cannot be read.
func selects(selector *meta.LabelSelector, have map[string]string) bool {
	if selector == nil {
		return true
	}
	parsed, err := meta.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(have))
}

// matchPorts are iptables matches; a name is looked up in the pod that serves it, and no pod has it where that is unknown.
func matchPorts(ports []networking.NetworkPolicyPort, server *core.Pod) []string {
	if len(ports) == 0 {
		return []string{""}
	}
	var found []string
	for _, port := range ports {
		protocol := core.ProtocolTCP
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		match := " -p " + strings.ToLower(string(protocol))
		switch {
		case port.Port == nil:
			found = append(found, match)
		case port.Port.Type == intstr.Int && port.EndPort != nil:
			found = append(found, fmt.Sprintf("%s --dport %d:%d", match, port.Port.IntVal, *port.EndPort))
		case port.Port.Type == intstr.Int:
			found = append(found, fmt.Sprintf("%s --dport %d", match, port.Port.IntVal))
		default:
			for _, number := range named(server, port.Port.StrVal, protocol) {
				found = append(found, fmt.Sprintf("%s --dport %d", match, number))
			}
		}
	}
	return found
}

func named(pod *core.Pod, name string, protocol core.Protocol) []int32 {
	var found []int32
	if pod == nil {
		return nil
	}
	for _, container := range pod.Spec.Containers {
		for _, port := range container.Ports {
			if port.Name == name && port.Protocol == protocol {
				found = append(found, port.ContainerPort)
			}
		}
	}
	return found
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
