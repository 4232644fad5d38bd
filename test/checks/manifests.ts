/*
 * Manifests for the tests of checks, as short as they can be, and the running of one check over them.
 */
import { parseAllDocuments } from 'yaml';
import type { Check } from '../../src/checks/check';
import type { Finding } from '../../src/checks/finding';
import { runChecks } from '../../src/checks/run-checks';
import { MeshModel, type ModelOptions } from '../../src/model/model';

type Fields = { readonly [key: string]: unknown };
export type Manifest = Fields;
type Labels = { readonly [key: string]: string };

/** What `check` alone finds in these manifests. */
export function check(check: Check, manifests: readonly unknown[], options?: ModelOptions): Finding[] {
  const raw = manifests.map((manifest, document) => ({ raw: manifest, source: { document } }));
  return runChecks(new MeshModel(raw, options), [check]);
}

export function fromYaml(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** A manifest of any kind. `name` may be `namespace/name`; without it the namespace is `shop`. */
export function manifest(
  apiVersion: string,
  kind: string,
  name: string,
  spec: Fields,
  metadata: Fields = {},
): Manifest {
  const [namespace, bare] = name.includes('/') ? name.split('/') : ['shop', name];
  return { apiVersion, kind, metadata: { name: bare, namespace, ...metadata }, spec };
}

export function namespace(name: string, labels?: Labels): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A Service of port 80 that selects `app: <name>`. */
export function service(name: string, spec: Fields = {}, metadata?: Fields): Manifest {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  return manifest('v1', 'Service', name, { selector: { app: bare(name) }, ports, ...spec }, metadata);
}

/** A Deployment whose pods carry `labels` (default `app: <name>`) and listen on 8080. */
export function deployment(name: string, labels: Labels = { app: bare(name) }, pod: Fields = {}): Manifest {
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }];
  return manifest('apps/v1', 'Deployment', name, {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers, ...pod } },
  });
}

/** A Gateway with these servers. */
export function gateway(name: string, servers: readonly Fields[], spec: Fields = {}): Manifest {
  return manifest('networking.istio.io/v1', 'Gateway', name, {
    selector: { istio: 'ingressgateway' },
    servers,
    ...spec,
  });
}

/** A server of a Gateway: `server('HTTP', 80)`. */
export function server(protocol: string, number: number, rest: Fields = {}): Fields {
  return { port: { number, name: `${protocol.toLowerCase()}-${number}`, protocol }, hosts: ['*'], ...rest };
}

export function virtualService(name: string, spec: Fields, metadata?: Fields): Manifest {
  return manifest('networking.istio.io/v1', 'VirtualService', name, spec, metadata);
}

/** An http route to a host, without match. */
export function routeTo(host: string, destination: Fields = {}): Fields {
  return { route: [{ destination: { host, ...destination } }] };
}

/** A DestinationRule with subsets by the label `version`: `destinationRule('apis', 'apis', ['v1', 'v2'])`. */
export function destinationRule(name: string, host: string, versions: readonly string[], spec: Fields = {}): Manifest {
  const subsets = versions.map((version) => ({ name: version, labels: { version } }));
  return manifest('networking.istio.io/v1', 'DestinationRule', name, { host, subsets, ...spec });
}

function bare(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
