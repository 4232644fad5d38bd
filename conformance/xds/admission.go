package main

import (
	"encoding/json"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
)

// Verdict is what Istio's admission webhook says to one object.
type Verdict struct {
	// Unreadable says why the object cannot be read as its kind at all. The schema of the API server comes before that.
	Unreadable string `json:"unreadable,omitempty"`
	// Refused says why the object is not admitted.
	Refused string `json:"refused,omitempty"`
	// Warned is what it is admitted with.
	Warned string `json:"warned,omitempty"`
}

// admit does what the webhook does (pkg/webhooks/validation/server), for one object in JSON.
func admit(object json.RawMessage) Verdict {
	var read crd.IstioKind
	if err := json.Unmarshal(object, &read); err != nil {
		return Verdict{Unreadable: err.Error()}
	}
	gvk := read.GroupVersionKind()
	schema, known := collections.Pilot.FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk))
	if !known {
		return Verdict{Unreadable: gvk.String() + " is no kind of Istio's"}
	}
	config, err := crd.ConvertObject(schema, &read, "cluster.local")
	if err != nil {
		return Verdict{Unreadable: err.Error()}
	}
	warning, err := schema.ValidateConfig(*config)
	var verdict Verdict
	if err != nil {
		verdict.Refused = err.Error()
	}
	if warning != nil {
		verdict.Warned = warning.Error()
	}
	return verdict
}
