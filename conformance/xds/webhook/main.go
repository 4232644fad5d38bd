// Command webhook is the part of Istio's control plane that the API server asks whether it may admit an object of Istio's.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"

	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/webhooks/validation/server"
)

func main() {
	address := flag.String("address", "", "host and port to listen on")
	certificate := flag.String("certificate", "", "PEM file")
	key := flag.String("key", "", "PEM file")
	flag.Parse()
	if err := serve(*address, *certificate, *key); err != nil {
		fmt.Fprintln(os.Stderr, "webhook:", err)
		os.Exit(1)
	}
}

func serve(address, certificate, key string) error {
	mux := http.NewServeMux()
	if _, err := server.New(server.Options{
		Schemas:      collections.PilotGatewayAPI(),
		DomainSuffix: "cluster.local",
		Mux:          mux,
	}); err != nil {
		return err
	}
	return http.ListenAndServeTLS(address, certificate, key, mux)
}
