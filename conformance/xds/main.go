// Command xds answers what Istio's control plane tells a proxy. It reads jobs from standard input, one JSON object a line, and
// writes for each the proxy's Envoy resources, one JSON object a line, in the same order.
//
// The resources come out of Istio's own code, with all its stages: service registry, config store, push context, generators.
// Two things are folded together that a proxy would fetch one by one: route configurations into their listeners, and endpoints
// into their clusters. So a plain Envoy can read them from files.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"

	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
)

// Job is one mesh, and the proxies of which the resources are wanted.
type Job struct {
	// Kubernetes is YAML: Services, Pods, EndpointSlices, Namespaces, Secrets.
	Kubernetes string `json:"kubernetes"`
	// Istio is YAML: Gateways, VirtualServices, DestinationRules and so on.
	Istio string `json:"istio"`
	// MeshConfig is YAML, as in the ConfigMap that istiod reads.
	MeshConfig string `json:"meshConfig"`
	// AutoMtls is whether proxies speak mTLS with each other, as Istio has it by default. It needs certificates.
	AutoMtls bool `json:"autoMtls"`
	// TrustDomain is that of the mesh; cluster.local is also meant by nothing.
	TrustDomain string  `json:"trustDomain"`
	Proxies     []Proxy `json:"proxies"`
	// Admit are objects of Istio's kinds. A job that has any asks only whether they are admitted.
	Admit []json.RawMessage `json:"admit"`
	// Analyze is YAML. A job that has any asks only what the analyzers of istioctl say to it.
	Analyze string `json:"analyze"`
}

// Proxy is a pod with an Envoy in it.
type Proxy struct {
	// Type is "router" for a gateway, "sidecar" for one beside an app.
	Type      string            `json:"type"`
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
	IP        string            `json:"ip"`
}

// Answer is what the control plane makes of a job.
type Answer struct {
	// Refused says why Istio's validation would not admit an object; such a mesh has no resources.
	Refused []string `json:"refused,omitempty"`
	// Error says what else went wrong.
	Error   string      `json:"error,omitempty"`
	Proxies []Resources `json:"proxies,omitempty"`
	// Admitted has a verdict for each object of Admit.
	Admitted []Verdict `json:"admitted,omitempty"`
	// Analyzed are the messages about Analyze.
	Analyzed []Message `json:"analyzed,omitempty"`
}

func main() {
	quiet()
	// Every job is a control plane of its own, so there is much garbage and little that stays.
	debug.SetGCPercent(400)
	// The debugger would keep the collections of all of them for ever.
	krt.GlobalDebugHandler = nil
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var job Job
		if err := decoder.Decode(&job); err != nil {
			fmt.Fprintln(os.Stderr, "xds: cannot read a job:", err)
			os.Exit(1)
		}
		if err := out.Encode(answer(job)); err != nil {
			fmt.Fprintln(os.Stderr, "xds: cannot write an answer:", err)
			os.Exit(1)
		}
	}
}

func quiet() {
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	if err := log.Configure(options); err != nil {
		fmt.Fprintln(os.Stderr, "xds: cannot configure Istio's log:", err)
		os.Exit(1)
	}
}
