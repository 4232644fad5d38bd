/*
 * What each check predicts, or why nothing of it can be seen in traffic.
 */

import { DESTINATION_PREDICTIONS } from './predict-destinations';
import { EXAMPLE_PREDICTIONS } from './predict-examples';
import { GATEWAY_PREDICTIONS } from './predict-gateways';
import { rejectedByEnvoy } from './predict-refused';
import { RULE_PREDICTIONS } from './predict-rules';
import type { Prediction } from './trial';

export const PREDICTIONS: { readonly [check: string]: Prediction } = {
  ...RULE_PREDICTIONS,
  ...DESTINATION_PREDICTIONS,
  ...GATEWAY_PREDICTIONS,
  ...EXAMPLE_PREDICTIONS,
  'rejected-by-envoy': rejectedByEnvoy,
};

/** The checks that predict a refusal. They are held against Istio's validation, object by object (admission.ts). */
export const REFUSALS: readonly string[] = [
  'rejected-by-istio',
  'gateway-short-host',
  'invalid-regex',
  'mistyped-field',
  'unknown-field',
];

const NOT_READ = 'It is about text, before there is an object; conformance:yaml holds that against kubectl';
const NO_SCHEMA = 'The API server decides, by its schema or its own rules; none is in this comparison';
const INJECTION = 'Sidecars are injected by a webhook; here every workload that is asked has one';
const HARMLESS = 'It says that something is superfluous or unusual, and not that a request fails';

const STEP = 'It compares two states of the manifests, and is silent where only one is given';

export const NOT_OBSERVABLE: { readonly [check: string]: string } = {
  'removed-api-version': NO_SCHEMA,
  'null-value': NO_SCHEMA,
  'selector-mismatch': NO_SCHEMA,
  'unknown-kind': NO_SCHEMA,
  'unreadable-file': NOT_READ,
  'refused-document': NOT_READ,
  'duplicate-key': NOT_READ,
  'duplicate-object': 'A cluster holds one object of a name, so that Istio never sees both',
  'image-auto-without-injection': INJECTION,
  'mesh-routes-without-sidecar': INJECTION,
  'namespace-not-injected': INJECTION,
  'several-injection-labels': INJECTION,
  'not-looked-at': 'It says what is not read, which nothing in a proxy shows',
  'undiscovered-namespace': 'istiod is given its objects here, and does not look for them in namespaces',
  'run-as-istio-proxy-uid': 'It is about iptables, in whose place a PROXY protocol header stands here',
  'overlapping-selectors': "It is about Kubernetes' controllers, which are not in this comparison",
  'istio-annotation': 'What reads the annotation is not in this comparison, and most of them do not route',
  'conflicting-sidecars':
    'It says which Sidecar is in force. That it is so is seen in the comparison of routes, where meshes have several',
  'conflicting-target-ports': HARMLESS,
  'duplicate-destination': HARMLESS,
  'single-destination-weight': HARMLESS,
  'hash-and-weights': HARMLESS,
  'fault-before-retries': HARMLESS,
  'rewrite-slash': 'It says what path the backend gets; the comparison of routes holds that for every request',
  'port-name-protocol': HARMLESS,
  'questioned-by-istio': 'It says what Istio warns of; the comparison with istioctl holds it against IST0133',
  'mtls-conflict': 'mTLS is off here, because nobody issues certificates',
  'no-server-certificate-verification':
    'What it finds works. It shows only with a server that is not who it says it is, and all here have one certificate',
  'credential-at-sidecar': 'What leaves in plain text, the servers here take as well',
  'second-traffic-policy':
    'It is about pools, balancing and TLS, of which the comparison of configurations sees what is read (HTTP versions)',
  'duplicate-gateway-certificate':
    'It is about HTTP/2 connections that browsers use again for another host; the clients here use each once, with HTTP/1.1',
  'external-name-port':
    'It says that the port has no effect. That aliases open none is seen in the comparison of routes, not by requests for this',
  'workload-in-several-services': 'It is about inbound listeners, which are not in this comparison',
  'header-not-passed-on': 'It is about what apps do with headers, and the backends here call nobody',
  'version-without-route': HARMLESS,
  'requests-before-pods': STEP,
  'removed-while-routed': STEP,
  'export-to': 'It is about clients in a namespace that does not exist',
  'gateway-port-not-on-service':
    'It is about the load balancer or Service in front of a gateway, which is not in this comparison',
  'internal-gateway': "Istio's own Gateways are made from the Gateway API, which is not in this comparison",
};
