// What kubectl reads from texts: its own decoder over each. Takes a JSON list of texts on standard input, and writes a list of
// answers: the documents up to the first that is refused, and why that one is.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/util/yaml"
)

// As in kubectl's visitor of streams (k8s.io/cli-runtime/pkg/resource).
const bufferSize = 4096

type answer struct {
	Documents []json.RawMessage `json:"documents"`
	Refused   string            `json:"refused,omitempty"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(texts))
	for i, text := range texts {
		answers[i] = read(text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func read(text string) answer {
	result := answer{Documents: []json.RawMessage{}}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), bufferSize)
	for {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return result
		}
		if err != nil {
			result.Refused = err.Error()
			return result
		}
		// Empty documents are passed over, and so is null.
		if trimmed := strings.TrimSpace(string(raw)); trimmed != "" && trimmed != "null" {
			result.Documents = append(result.Documents, raw)
		}
	}
}
