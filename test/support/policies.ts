/*
 * What a pod's policies make of a request: as much of Istio's and Kubernetes' evaluation as the policies of this library need,
 * and a throw on all else, so that no rule is passed over.
 */
import { type Labels, type Manifest, selects } from './synth';

/** Who asks. */
export interface Client {
  readonly namespace: string;
  readonly account: string;
  readonly labels: Labels;
  /** Whether it has a sidecar, and so a certificate. */
  readonly isInMesh: boolean;
  readonly trustDomain?: string;
}

/** Who is asked. */
export interface Server {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Whether the network lets a connection through: NetworkPolicies add up, and pods that none selects are open. */
export function passesNetwork(manifests: readonly Manifest[], client: Client, server: Server): boolean {
  const policies = inForce(manifests, 'NetworkPolicy', server, 'podSelector');
  const rules = policies.flatMap(({ spec }) => known(spec as unknown as NetworkSpec, NETWORK_FIELDS).ingress);
  return policies.length === 0 || rules.some(({ from }) => isEmpty(from) || from.some((peer) => isPeer(peer, client)));
}

/** What the sidecar answers: the app's answer, its own 403, or a reset where it takes nothing but mutual TLS. */
export function answerOfSidecar(
  manifests: readonly Manifest[],
  client: Client,
  server: Server,
): 'app' | '403' | 'reset' {
  const [authentication] = inForce(manifests, 'PeerAuthentication', server, 'selector');
  if (authentication !== undefined && !client.isInMesh) {
    expectStrict(authentication);
    return 'reset';
  }
  const policies = inForce(manifests, 'AuthorizationPolicy', server, 'selector');
  const rules = policies.flatMap(({ spec }) => known(spec as unknown as AllowSpec, ALLOW_FIELDS).rules ?? []);
  const isIn = policies.length === 0 || rules.some(({ from }) => isEmpty(from) || from.some(isSource(client)));
  return isIn ? 'app' : '403';
}

function inForce(manifests: readonly Manifest[], kind: string, { namespace, labels }: Server, selector: string) {
  return manifests.filter(
    ({ kind: other, metadata, spec }) =>
      other === kind &&
      metadata.namespace === namespace &&
      selects((spec[selector] as Selector | undefined)?.matchLabels ?? {}, labels),
  );
}

/** A source by any of whose values, field by field, the client is known. Without certificate there is nothing to know. */
function isSource({ isInMesh, namespace, account, trustDomain = 'cluster.local' }: Client) {
  return ({ source }: { readonly source: Source }): boolean => {
    const { principals, namespaces } = known(source, ['principals', 'namespaces']);
    return (
      isInMesh &&
      (principals?.includes(`${trustDomain}/ns/${namespace}/sa/${account}`) ?? true) &&
      (namespaces?.includes(namespace) ?? true)
    );
  };
}

function isPeer(peer: Peer, { namespace, labels }: Client): boolean {
  const { namespaceSelector, podSelector } = known(peer, ['namespaceSelector', 'podSelector']);
  return (
    selects(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': namespace }) &&
    selects(podSelector?.matchLabels ?? {}, labels)
  );
}

function expectStrict({ spec }: Manifest): void {
  const { mtls } = known(spec as unknown as { mtls: { mode: string } }, ['selector', 'mtls']);
  if (mtls.mode !== 'STRICT') {
    throw new Error(`Mode ${mtls.mode} is not evaluated here.`);
  }
}

/** An empty list, as a missing one, asks for nothing. */
function isEmpty(list: readonly unknown[] | undefined): list is undefined {
  return list === undefined || list.length === 0;
}

function known<T extends object>(node: T, fields: readonly string[]): T {
  const others = Object.keys(node).filter((field) => !fields.includes(field));
  if (others.length > 0) {
    throw new Error(`Fields that are not evaluated here: ${others.join(', ')}.`);
  }
  return node;
}

const NETWORK_FIELDS = ['podSelector', 'policyTypes', 'ingress'];
const ALLOW_FIELDS = ['selector', 'action', 'rules'];

interface Selector {
  readonly matchLabels: Labels;
}

interface Peer {
  readonly namespaceSelector: Selector;
  readonly podSelector?: Selector;
}

interface NetworkSpec {
  readonly ingress: readonly { readonly from?: readonly Peer[] }[];
}

interface AllowSpec {
  readonly rules?: readonly { readonly from?: readonly { readonly source: Source }[] }[];
}

interface Source {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
}
