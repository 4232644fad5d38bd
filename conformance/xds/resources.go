package main

import (
	"encoding/json"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcmv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// Resources are those of one proxy, as Envoy's JSON.
type Resources struct {
	Listeners []json.RawMessage `json:"listeners"`
	Clusters  []json.RawMessage `json:"clusters"`
}

// folding is what a proxy gets by LDS, RDS, CDS and EDS.
type folding struct {
	listeners []*listenerv3.Listener
	routes    map[string]*routev3.RouteConfiguration
	clusters  []*clusterv3.Cluster
	endpoints []*endpointv3.ClusterLoadAssignment
}

func fold(from folding) Resources {
	var resources Resources
	for _, listener := range from.listeners {
		for _, chain := range listener.FilterChains {
			foldRoutes(chain, from.routes)
		}
		if listener.DefaultFilterChain != nil {
			foldRoutes(listener.DefaultFilterChain, from.routes)
		}
		resources.Listeners = append(resources.Listeners, toJSON(listener))
	}
	endpoints := map[string]*endpointv3.ClusterLoadAssignment{}
	for _, assignment := range from.endpoints {
		endpoints[assignment.ClusterName] = assignment
	}
	for _, cluster := range from.clusters {
		foldEndpoints(cluster, endpoints)
		resources.Clusters = append(resources.Clusters, toJSON(cluster))
	}
	return resources
}

// foldRoutes writes the route configuration into each HTTP connection manager that would fetch it.
func foldRoutes(chain *listenerv3.FilterChain, routes map[string]*routev3.RouteConfiguration) {
	for _, filter := range chain.Filters {
		manager := &hcmv3.HttpConnectionManager{}
		config := filter.GetTypedConfig()
		if config == nil || !config.MessageIs(manager) {
			continue
		}
		must(config.UnmarshalTo(manager))
		fetched := manager.GetRds()
		if fetched == nil {
			continue
		}
		route, found := routes[fetched.RouteConfigName]
		if !found {
			// A proxy that never gets its routes answers 404.
			route = &routev3.RouteConfiguration{Name: fetched.RouteConfigName}
		}
		manager.RouteSpecifier = &hcmv3.HttpConnectionManager_RouteConfig{RouteConfig: route}
		packed, err := anypb.New(manager)
		must(err)
		filter.ConfigType = &listenerv3.Filter_TypedConfig{TypedConfig: packed}
	}
}

// foldEndpoints makes a cluster whose endpoints are fetched into one that contains them.
func foldEndpoints(cluster *clusterv3.Cluster, endpoints map[string]*endpointv3.ClusterLoadAssignment) {
	if cluster.GetType() != clusterv3.Cluster_EDS {
		return
	}
	cluster.ClusterDiscoveryType = &clusterv3.Cluster_Type{Type: clusterv3.Cluster_STATIC}
	cluster.EdsClusterConfig = nil
	cluster.LoadAssignment = &endpointv3.ClusterLoadAssignment{ClusterName: cluster.Name}
	if assignment, found := endpoints[cluster.Name]; found {
		cluster.LoadAssignment = assignment
	}
}

func toJSON(message proto.Message) json.RawMessage {
	text, err := protojson.Marshal(message)
	must(err)
	return text
}

// must is for what can only fail if Istio and this program were built from different types.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
