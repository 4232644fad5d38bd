package main

import (
	"strings"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/local"
)

// Message is what an analyzer of `istioctl analyze` reports.
type Message struct {
	Code    string `json:"code"`
	Origin  string `json:"origin"`
	Level   string `json:"level"`
	Message string `json:"message"`
}

// analyze runs the analyzers of `istioctl analyze` over YAML. The command itself, without a cluster, reads no Services, Pods,
// Namespaces and the like from files, and skips the analyzers that need them. Here they are read, and all analyzers run.
func analyze(yaml string) ([]Message, error) {
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", "istio-system", nil)
	source := local.ReaderSource{Name: "mesh.yaml", Reader: strings.NewReader(yaml)}
	// What cannot be read is reported for itself, and the rest is analyzed.
	unreadable := analyzer.AddTestReaderKubeSource([]local.ReaderSource{source})
	stop := make(chan struct{})
	defer close(stop)
	result, err := analyzer.Analyze(stop)
	if err != nil {
		return nil, err
	}
	messages := []Message{}
	if unreadable != nil {
		messages = append(messages, Message{Code: "unreadable", Message: unreadable.Error()})
	}
	for _, each := range result.Messages {
		origin := ""
		if each.Resource != nil {
			origin = each.Resource.Origin.FriendlyName()
		}
		messages = append(messages, Message{
			Code:    each.Type.Code(),
			Origin:  origin,
			Level:   each.Type.Level().String(),
			Message: each.Unstructured(false)["message"].(string),
		})
	}
	return messages, nil
}
