/*
 * The other way round: requests that fail for what the mesh lacks, and whether any finding tells of it.
 */
import type { Finding } from '../../src/checks/finding';
import { namespaceOf } from '../cluster';
import type { Ask, Manifest, MeshCase } from '../manifest';
import type { Observation } from '../observation';
import type { Examined } from './confirm';
import { boundTo, gatewaySpec, gatewaysOf, refOf } from './gateways';
import { marksOf, specOf } from './marks';
import { isAnswer, portsOf } from './trial';

/** Kinds of failures, and how many requests failed so. */
export type Failures = Map<string, { told: number; untold: number }>;

export function countFailures({ mesh, findings, asks, observations }: Examined, failures: Failures): void {
  for (const [index, ask] of asks.entries()) {
    const failure = failureOf(mesh, findings, ask, observations[index]);
    if (failure !== undefined) {
      const row = failures.get(failure.kind) ?? { told: 0, untold: 0 };
      row[failure.told ? 'told' : 'untold']++;
      failures.set(failure.kind, row);
    }
  }
}

interface Failure {
  readonly kind: string;
  readonly told: boolean;
}

const OF_DESTINATIONS = ['destination-not-found', 'destination-port', 'subset-not-found'];
const OF_ENDPOINTS = ['service-selects-nothing', 'service-target-port', 'subset-selects-nothing', 'duplicate-subset'];
/** A TCP server for which no route is left opens no port; nor does a port that the Service in front of the pods lacks. */
const OF_LISTENERS = [
  ...['http-routes-on-tcp-server', 'gateway-conflict', 'gateway-selects-no-workload', 'gateway-port-not-on-service'],
  ...[
    'gateway-host-without-routes',
    'service-target-port',
    'host-not-in-gateway',
    'gateway-not-found',
    'match-gateway-not-listed',
    'export-to',
  ],
];
const OF_RULES = [
  ...['no-default-route', 'rule-never-matches', 'match-gateway-not-listed', 'delegate-dropped', 'source-match-ignored'],
  ...['without-headers-surprise', 'jwt-claim-without-authentication', 'regex-looks-like-substring'],
  ...['host-not-in-gateway', 'gateway-not-found', 'http-routes-on-tcp-server', 'gateway-conflict'],
  ...['mesh-host-conflict', 'gateway-selects-no-workload', 'export-to', 'gateway-host-without-routes'],
];

function failureOf(mesh: MeshCase, findings: readonly Finding[], ask: Ask, seen: Observation): Failure | undefined {
  if (seen.kind === 'unloaded') {
    return { kind: 'refused, as Envoy refuses the listener', told: has(findings, ['rejected-by-envoy']) };
  }
  if (seen.kind === 'refused') {
    return isServed(mesh, ask.port)
      ? { kind: 'refused, on a port that some server has', told: has(findings, OF_LISTENERS) }
      : { kind: 'refused, on a port that no server has', told: false };
  }
  if (isAnswer(seen, 503, 'NC')) {
    return marksOf(seen).size === 0
      ? { kind: '503 NC: no cluster, and no rule of a VirtualService asks for it', told: false }
      : { kind: '503 NC: no cluster', told: inRuleOf(seen, mesh, findings, OF_DESTINATIONS) };
  }
  if (isAnswer(seen, 503, 'UH')) {
    const told = has(findings, OF_ENDPOINTS);
    return { kind: !told && hasEmpty(mesh) ? '503 UH: a Deployment of 0 replicas' : '503 UH: no endpoints', told };
  }
  if (isAnswer(seen, 404, 'NR')) {
    const speakers = mesh.manifests.filter((each) => each.kind === 'VirtualService' && speaksFor(each, ask));
    const told = speakers.some((each) => isFound(each, findings, OF_RULES));
    return speakers.length === 0
      ? { kind: '404 NR: a host of which no VirtualService speaks', told: false }
      : speakers.some((each) => isServedFor(each, mesh, ask))
        ? { kind: "404 NR: no rule of the host's VirtualService takes it", told }
        : { kind: "404 NR: the Gateways of the host's VirtualService do not serve it on that port", told };
  }
  return undefined;
}

/** Whether some Gateway that the proxy obeys has the port; of a sidecar, whether some Service does. */
function isServed(mesh: MeshCase, port: number): boolean {
  return mesh.proxy.gateway === undefined
    ? portsOf(mesh).includes(port)
    : gatewaysOf(mesh).some((gateway) => gatewaySpec(gateway).servers.some((server) => server.port.number === port));
}

function has(findings: readonly Finding[], checks: readonly string[]): boolean {
  return findings.some(({ check }) => checks.includes(check));
}

function isFound(manifest: Manifest, findings: readonly Finding[], checks: readonly string[]): boolean {
  return findings.some(
    ({ check, namespace, name }) =>
      checks.includes(check) &&
      (check.startsWith('gateway-') || (namespace === namespaceOf(manifest) && name === manifest.metadata.name)),
  );
}

/** Whether a finding is in the rule that answered, or in the first of several rules with the same fault. */
function inRuleOf(seen: Observation, { manifests }: MeshCase, findings: readonly Finding[], checks: readonly string[]) {
  const marks = marksOf(seen);
  return manifests
    .filter(({ kind }) => kind === 'VirtualService')
    .some((manifest) =>
      (specOf(manifest).http ?? []).some(
        ({ name = '' }, rule) =>
          marks.has(name) &&
          findings.some(
            (each) =>
              checks.includes(each.check) &&
              each.namespace === namespaceOf(manifest) &&
              each.name === manifest.metadata.name &&
              (each.path.startsWith(`spec.http[${rule}].`) || / in \d+ places/.test(each.message)),
          ),
      ),
    );
}

function hasEmpty({ manifests }: MeshCase): boolean {
  return manifests.some(({ kind, spec }) => kind === 'Deployment' && (spec as { replicas?: number }).replicas === 0);
}

function speaksFor(virtualService: Manifest, ask: Ask): boolean {
  const { hosts = [] } = specOf(virtualService);
  return hosts.some((each) => isFor(each, ask));
}

function isFor(written: string, { authority }: Ask): boolean {
  const host = authority.replace(/:\d*$/, '').toLowerCase();
  const lower = written.toLowerCase();
  return lower.startsWith('*') ? host.endsWith(lower.slice(1)) : lower === host || host.startsWith(`${lower}.`);
}

/** Whether a Gateway to which the VirtualService is bound has the request's host on its port. Sidecars ask no Gateway. */
function isServedFor(virtualService: Manifest, mesh: MeshCase, ask: Ask): boolean {
  return (
    mesh.proxy.gateway === undefined ||
    gatewaysOf(mesh)
      .filter((gateway) => boundTo(virtualService).includes(refOf(gateway)))
      .flatMap((gateway) => gatewaySpec(gateway).servers)
      .some(
        ({ port, hosts }) => port.number === ask.port && hosts.some((host) => isFor(host.replace(/^.*\//, ''), ask)),
      )
  );
}
