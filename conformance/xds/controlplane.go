package main

import (
	"fmt"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/types/known/wrapperspb"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/test"
)

func answer(job Job) Answer {
	if len(job.Admit) > 0 {
		var verdicts []Verdict
		for _, object := range job.Admit {
			verdicts = append(verdicts, admit(object))
		}
		return Answer{Admitted: verdicts}
	}
	if job.Analyze != "" {
		messages, err := analyze(job.Analyze)
		if err != nil {
			return Answer{Error: err.Error()}
		}
		return Answer{Analyzed: messages}
	}
	configs, err := parse(job.Istio)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	if refused := validate(configs); len(refused) > 0 {
		return Answer{Refused: refused}
	}
	options, err := meshConfig(job)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	var resources []Resources
	err = test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			KubernetesObjectString: job.Kubernetes,
			Configs:                configs,
			MeshConfig:             options,
		})
		for _, proxy := range job.Proxies {
			resources = append(resources, resourcesOf(server, proxy))
		}
	})
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Proxies: resources}
}

// meshConfig is Istio's default, but for mTLS, unless it is asked for: proxies would wait for certificates that nobody issues
// here, and routing does not depend on it.
func meshConfig(job Job) (*meshconfig.MeshConfig, error) {
	options := mesh.DefaultMeshConfig()
	options.EnableAutoMtls = wrapperspb.Bool(job.AutoMtls)
	options.AccessLogFile = ""
	if job.TrustDomain != "" {
		options.TrustDomain = job.TrustDomain
	}
	return mesh.ApplyMeshConfig(job.MeshConfig, options)
}

func parse(yaml string) ([]config.Config, error) {
	configs, unknown, err := crd.ParseInputs(yaml)
	if err != nil {
		return nil, err
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("unknown kind %s", unknown[0].Kind)
	}
	for index := range configs {
		// What reads objects from a cluster fills this in; short host names are completed by it.
		configs[index].Domain = "cluster.local"
	}
	return configs, nil
}

// validate does what Istio's admission webhook does.
func validate(configs []config.Config) []string {
	var refused []string
	for _, each := range configs {
		schema, known := collections.Pilot.FindByGroupVersionAliasesKind(each.GroupVersionKind)
		if !known {
			refused = append(refused, fmt.Sprintf("%v is no kind of Istio's", each.GroupVersionKind))
			continue
		}
		if _, err := schema.ValidateConfig(each); err != nil {
			refused = append(refused, fmt.Sprintf("%s %s/%s: %v", each.GroupVersionKind.Kind, each.Namespace, each.Name, err))
		}
	}
	return refused
}

func resourcesOf(server *xds.FakeDiscoveryServer, wanted Proxy) Resources {
	proxy := server.SetupProxy(&model.Proxy{
		Type:            model.NodeType(wanted.Type),
		ID:              wanted.Name + "." + wanted.Namespace,
		ConfigNamespace: wanted.Namespace,
		Labels:          wanted.Labels,
		IPAddresses:     []string{wanted.IP},
		Metadata: &model.NodeMetadata{
			Namespace:    wanted.Namespace,
			Labels:       wanted.Labels,
			IstioVersion: "1.31.0",
			ClusterID:    "Kubernetes",
		},
	})
	listeners := server.Listeners(proxy)
	return fold(folding{
		listeners: listeners,
		routes:    routesByName(server, proxy, listeners),
		clusters:  server.Clusters(proxy),
		endpoints: server.Endpoints(proxy),
	})
}

func routesByName(server *xds.FakeDiscoveryServer, proxy *model.Proxy, listeners []*listenerv3.Listener) map[string]*routev3.RouteConfiguration {
	routes := map[string]*routev3.RouteConfiguration{}
	// Listeners may share a route configuration. A proxy asks for each once, and Istio's generator, asked twice in one breath for
	// one of a sniffed service, gives an empty one the second time.
	for _, route := range server.RoutesFromListeners(proxy, listeners) {
		if _, known := routes[route.Name]; !known {
			routes[route.Name] = route
		}
	}
	return routes
}
