// Enforces NetworkPolicies on the only node of a cluster for tests: watches, and writes one iptables chain per isolated
// pod and direction, in the table "mangle", since there no rule of kube-proxy comes first.
//
// What it does not do: IPv6, pods in the host's network, and closing the moment between a pod's start and the report of
// its address to the API server. Traffic that comes from the node itself is always let in, as Kubernetes has it.
package main

import (
	"bytes"
	"context"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const gather = 20 * time.Millisecond // events come in bursts: one write for all of them

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: policy KUBECONFIG")
	}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ended, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(ended context.Context, kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	changed := make(chan struct{}, 1)
	read := reader(factory, changed)
	factory.Start(ended.Done())
	factory.WaitForCacheSync(ended.Done())
	var before []string
	for {
		state, err := read()
		if err != nil {
			return err
		}
		text, chains := render(state, before)
		if err := restore(text); err != nil {
			return err
		}
		before = chains
		select {
		case <-ended.Done():
			return nil
		case <-changed:
			time.Sleep(gather)
		}
	}
}

// reader returns a function that reads the watched objects; changed is told of every change of one.
func reader(factory informers.SharedInformerFactory, changed chan<- struct{}) func() (cluster, error) {
	tell := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { tell() },
		UpdateFunc: func(any, any) { tell() },
		DeleteFunc: func(any) { tell() },
	}
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	policies := factory.Networking().V1().NetworkPolicies()
	for _, informer := range []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()} {
		_, _ = informer.AddEventHandler(handler)
	}
	return func() (state cluster, err error) {
		if state.pods, err = pods.Lister().List(labels.Everything()); err != nil {
			return state, err
		}
		if state.namespaces, err = namespaces.Lister().List(labels.Everything()); err != nil {
			return state, err
		}
		state.policies, err = policies.Lister().List(labels.Everything())
		return state, err
	}
}

func restore(text string) error {
	command := exec.Command("iptables-restore", "--noflush", "--wait")
	command.Stdin = bytes.NewBufferString(text)
	printed, err := command.CombinedOutput()
	if err != nil {
		log.Printf("%s\n%s", printed, text)
	}
	return err
}
