/*
 * What the reasons in only-istioctl.ts ask of a message and of the manifests that it is about.
 */
import type { Finding } from '../../src/checks/finding';
import type { AnalyzerMessage } from '../control-plane';
import { GATEWAY_NAMESPACE } from '../generate/proxies';
import type { Manifest } from '../manifest';

export interface Context {
  readonly message: AnalyzerMessage;
  readonly findings: readonly Finding[];
  readonly manifests: readonly Manifest[];
  readonly object: Manifest | undefined;
}

export function found({ findings, message: { origin } }: Context, ...checks: readonly string[]): boolean {
  return findings.some(
    ({ check, kind, namespace, name }) => checks.includes(check) && `${kind} ${namespace}/${name}` === origin,
  );
}

export function foundAnywhere({ findings }: Context, ...checks: readonly string[]): boolean {
  return findings.some(({ check }) => checks.includes(check));
}

export function spec({ object }: Context): { readonly [field: string]: unknown } {
  return (object?.spec ?? {}) as { readonly [field: string]: unknown };
}

export function rulesOf(context: Context): readonly { readonly delegate?: unknown }[] {
  return (spec(context).http ?? []) as readonly { readonly delegate?: unknown }[];
}

/** How many DestinationRules of the namespace are for the host of this one. */
export function rulesForHost({ manifests, object }: Context): number {
  return manifests.filter(
    (each) =>
      object !== undefined &&
      each.kind === 'DestinationRule' &&
      each.metadata.namespace === object.metadata.namespace &&
      firstName(each.spec) === firstName(object.spec),
  ).length;
}

export function isOfKind({ object }: Context, ...kinds: readonly string[]): boolean {
  return object !== undefined && kinds.includes(object.kind);
}

export function hostOf({ object }: Pick<Context, 'object'>): string {
  return (object?.spec as { host?: string } | undefined)?.host ?? '';
}

/** Whether the host of the rule is one that the manifests have, but not for all namespaces. */
export function isExportedToSome(context: Context): boolean {
  const [name, namespace = context.object?.metadata.namespace] = hostOf(context).split('.');
  return context.manifests.some(({ kind, metadata, spec: of }) =>
    kind === 'Service'
      ? metadata.name === name &&
        metadata.namespace === namespace &&
        metadata.annotations?.['networking.istio.io/exportTo'] !== undefined
      : kind === 'ServiceEntry' &&
        (of as ServiceEntrySpec).hosts.includes(hostOf(context)) &&
        (of as ServiceEntrySpec).exportTo !== undefined,
  );
}

interface ServiceEntrySpec {
  readonly hosts: readonly string[];
  readonly exportTo?: readonly string[];
}

export function isOfServiceEntry(context: Context): boolean {
  return context.manifests.some(
    ({ kind, spec: of }) =>
      kind === 'ServiceEntry' &&
      (of as ServiceEntrySpec).hosts.some((host) =>
        host.startsWith('*') ? hostOf(context).endsWith(host.slice(1)) : host === hostOf(context),
      ),
  );
}

export function isOfServiceWithoutSelector(context: Context): boolean {
  const [name, namespace = context.object?.metadata.namespace] = hostOf(context).split('.');
  return context.manifests.some(
    ({ kind, metadata, spec: of }) =>
      kind === 'Service' &&
      metadata.name === name &&
      metadata.namespace === namespace &&
      (of as { selector?: unknown }).selector === undefined,
  );
}

/** Whether a DestinationRule of another namespace than the VirtualService's defines the host and subset of the message. */
export function isDefinedElsewhere({ message, manifests, object }: Context): boolean {
  const [, host, subset] = /"([^"+]+)\+([^"+]+)"/.exec(message.message) ?? [];
  return manifests.some(({ kind, metadata, spec: of }) => {
    const { host: own, subsets = [] } = of as { host?: string; subsets?: readonly { name: string }[] };
    return (
      kind === 'DestinationRule' &&
      metadata.namespace !== object?.metadata.namespace &&
      own === host &&
      subsets.some(({ name }) => name === subset)
    );
  });
}

/** Whether the host of the message is one that the manifests have, exported, and the VirtualService is for gateways only. */
export function isForOtherNamespaces({ message, manifests, object }: Context): boolean {
  const [, host = ''] = /"([^"+]+)"/.exec(message.message) ?? [];
  const { gateways = ['mesh'] } = (object?.spec ?? {}) as { gateways?: readonly string[] };
  return (
    object?.kind === 'VirtualService' &&
    !gateways.includes('mesh') &&
    manifests.some(
      ({ kind, metadata, spec: of }) =>
        kind === 'ServiceEntry' &&
        metadata.namespace === GATEWAY_NAMESPACE &&
        (of as ServiceEntrySpec).hosts.includes(host) &&
        (of as ServiceEntrySpec).exportTo !== undefined,
    )
  );
}

/** Whether the VirtualService of the message, in which a subset has no effect, is not for the mesh at all. */
export function isOfGatewayRules({ message, manifests }: Context): boolean {
  const [, name] = /Subset in virtual service (\S+) has no effect/.exec(message.message) ?? [];
  return manifests.some(
    ({ kind, metadata, spec: of }) =>
      kind === 'VirtualService' &&
      `${metadata.namespace}/${metadata.name}` === name &&
      !((of as { gateways?: readonly string[] }).gateways ?? ['mesh']).includes('mesh'),
  );
}

/** Whether the rule is one of the root namespace, and the Service's own namespace has another, which comes first. */
export function isSetAside({ manifests, object }: Context): boolean {
  const [, namespace] = hostOf({ object }).split('.');
  return (
    object?.metadata.namespace === GATEWAY_NAMESPACE &&
    manifests.some(
      ({ kind, metadata, spec: of }) =>
        kind === 'DestinationRule' && metadata.namespace === namespace && firstName(of) === firstName(object.spec),
    )
  );
}

function firstName(of: unknown): string {
  return ((of as { host?: string }).host ?? '').replace(/\..*$/, '');
}

/** Whether the message fits a rule of another list than http: it gives only the number in its list. */
export function isOfAnotherList(context: Context): boolean {
  const number = Number(/ rule #(\d+)/.exec(context.message.message)?.[1]);
  const { tls = [], tcp = [] } = spec(context) as { [list: string]: readonly Matching[] | undefined };
  return [tls, tcp].some((rules) => number < rules.length && repeatsOthers(rules.slice(0, number + 1)));
}

interface Matching {
  readonly match?: readonly object[];
}

/** Whether an earlier rule has no match, so that it takes everything, or the last one has none, or a match that stands there before. */
export function repeatsOthers(rules: readonly Matching[]): boolean {
  const own = rules[rules.length - 1].match;
  const earlier = rules.slice(0, -1);
  const seen = rules.flatMap(({ match = [] }) => match.map((each) => JSON.stringify(each)));
  return (
    (earlier.length > 0 && own === undefined) ||
    earlier.some(({ match }) => match === undefined) ||
    (own ?? []).some((match) => seen.filter((each) => each === JSON.stringify(match)).length > 1)
  );
}

interface WrittenServer {
  readonly port: { readonly number: number; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: { readonly credentialName?: string };
}

/** Whether the Gateways of the message give one certificate to HTTPS servers of one port and of different hosts. */
export function isReusedByBrowsers({ message, manifests }: Context): boolean {
  const [, ...names] = /\[(\S+) (\S+)\]/.exec(message.message) ?? [];
  const [ours, theirs] = names.map((name) =>
    manifests
      .filter(({ kind, metadata }) => kind === 'Gateway' && `${metadata.namespace}/${metadata.name}` === name)
      .flatMap(({ spec: of }) => (of as { servers: readonly WrittenServer[] }).servers)
      .filter(({ port, tls }) => port.protocol.toUpperCase() === 'HTTPS' && tls?.credentialName !== undefined),
  );
  return ours.some((one) =>
    theirs.some(
      (other) =>
        one.port.number === other.port.number &&
        one.tls?.credentialName === other.tls?.credentialName &&
        !one.hosts.some((host) => other.hosts.includes(host)),
    ),
  );
}
