/*
 * What reasons ask of hosts: who defines them, who sees them, and which DestinationRules are for them.
 */
import { GATEWAY_NAMESPACE } from '../generate/proxies';
import type { Manifest } from '../manifest';
import { type Context, namespaceOf, spec, virtualServices } from './message-context';
import { gatewayPods } from './message-gateways';
import { usesOfDelegate } from './message-rules';

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
        host.startsWith('*') ? ownHost(context).endsWith(host.slice(1)) : host === ownHost(context),
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

/** The host of the DestinationRule of the message, in full. */
function ownHost({ object }: Context): string {
  return object === undefined ? '' : fullName(hostOf({ object }), object);
}

export function fullName(host: string, from: Manifest): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespaceOf(from)}.svc.cluster.local`;
}

/** A Service or ServiceEntry that has a host. */
interface Definition {
  readonly namespace: string;
  readonly exportTo: readonly string[];
  readonly ports: readonly number[];
  readonly externalName?: string;
}

function definitionsOf(manifests: readonly Manifest[], host: string): readonly Definition[] {
  return manifests.flatMap((each): readonly Definition[] => {
    if (each.kind !== 'Service' && each.kind !== 'ServiceEntry') {
      return [];
    }
    const namespace = namespaceOf(each);
    const written = (each.spec ?? {}) as ServiceEntrySpec & {
      readonly ports?: readonly { readonly port?: number; readonly number?: number }[];
      readonly externalName?: string;
    };
    // Of a faulty object, they may be anything.
    const ports = (Array.isArray(written.ports) ? written.ports : []).map(({ number, port }) => number ?? port ?? 0);
    if (each.kind === 'Service' && fullName(each.metadata.name, each) === host) {
      const exported = each.metadata.annotations?.['networking.istio.io/exportTo'];
      const exportTo = exported?.split(',').map((name) => name.trim()) ?? [];
      return [{ namespace, exportTo, ports, externalName: written.externalName }];
    }
    return each.kind === 'ServiceEntry' && written.hosts.includes(host)
      ? [{ namespace, exportTo: written.exportTo ?? [], ports }]
      : [];
  });
}

function isSeen({ exportTo, namespace }: Definition, viewer: string): boolean {
  return (
    exportTo.length === 0 ||
    exportTo.includes('*') ||
    exportTo.includes(viewer) ||
    (exportTo.includes('.') && viewer === namespace)
  );
}

/** Host, and subset or port, that a message says it does not find. */
function missingIn({ message, object }: Context): { readonly host: string; readonly rest: string } {
  const [, host = '', rest = ''] = /"([^"+:]+)[+:]?([^"]*)"/.exec(message.message) ?? [];
  return { host: object === undefined ? host : fullName(host, object), rest };
}

/** Whether the host is an alias, and what it stands for has the port. */
export function isPortOfTarget(context: Context): boolean {
  const { host, rest } = missingIn(context);
  return targetsOf(context, host).some(({ ports }) => ports.includes(Number(rest)));
}

function targetsOf({ manifests }: Context, host: string): readonly Definition[] {
  const [alias] = definitionsOf(manifests, host).flatMap(({ externalName }) => externalName ?? []);
  return alias === undefined ? [] : definitionsOf(manifests, alias);
}

/** Whether several define the host, and one of them has the port. */
export function isPortOfAnother(context: Context): boolean {
  const { host, rest } = missingIn(context);
  const definitions = definitionsOf(context.manifests, host);
  return definitions.length > 1 && definitions.some(({ ports }) => ports.includes(Number(rest)));
}

/** Whether several define the host, one of them with a single port. */
export function isOnePortForSome(context: Context): boolean {
  const { host } = missingIn(context);
  const definitions = definitionsOf(context.manifests, host);
  return definitions.length > 1 && definitions.some(({ ports }) => ports.length === 1);
}

/** Whether a DestinationRule for a wildcard, or for what the host stands for, has the subset. */
export function isSubsetOfOtherHost(context: Context): boolean {
  const { host, rest } = missingIn(context);
  const [alias] = definitionsOf(context.manifests, host).flatMap(({ externalName }) => externalName ?? []);
  const meant = alias ?? host;
  return context.manifests.some((each) => {
    const { host: written = '', subsets = [] } = (each.spec ?? {}) as {
      host?: string;
      subsets?: readonly { readonly name: string }[];
    };
    const own = fullName(written, each);
    return (
      each.kind === 'DestinationRule' &&
      subsets.some(({ name }) => name === rest) &&
      (own.startsWith('*') ? meant.endsWith(own.slice(1)) : alias !== undefined && own === alias)
    );
  });
}

/**
 * Whether everybody who follows the VirtualService of the message sees the host: the namespaces of its gateways' pods, or where
 * those are not given that of a Gateway or Istio's root namespace, and for the mesh those of the VirtualServices with the hosts.
 */
export function isSeenByClients(context: Context): boolean {
  const { host } = missingIn(context);
  const definitions = definitionsOf(context.manifests, host);
  const viewers = clientsOf(context);
  const isVisible = (viewer: string) => definitions.some((each) => isSeen(each, viewer));
  return definitions.length > 0 && viewers.every((group) => group.some(isVisible));
}

/** Groups of namespaces, of each of which one must see what a client sees. */
function clientsOf(context: Context): readonly (readonly string[])[] {
  const { manifests, object } = context;
  const roots =
    object === undefined || virtualServices([object]).length > 0
      ? [object]
      : usesOfDelegate(context).map(({ root }) => root);
  return roots.flatMap((root) => {
    const { gateways = ['mesh'] } = ((root?.spec ?? {}) as { gateways?: readonly string[] }) ?? {};
    const home = root === undefined ? '' : namespaceOf(root);
    return gateways.flatMap((name): readonly (readonly string[])[] => {
      if (name === 'mesh') {
        return [[home]];
      }
      const [namespace, bare] = name.includes('/') ? name.split('/') : [home, name];
      const gateway = manifests.find(
        (each) => each.kind === 'Gateway' && each.metadata.name === bare && namespaceOf(each) === namespace,
      );
      const pods = gateway === undefined ? [] : gatewayPods(manifests, gateway).map(namespaceOf);
      return gateway === undefined
        ? []
        : pods.length > 0
          ? pods.map((each) => [each])
          : [[namespace, GATEWAY_NAMESPACE]];
    });
  });
}

/** Whether the rule of the message is one that no client finds: neither in its own namespace, nor in that of the service, nor in the root's. */
export function isExportedPastClients(context: Context): boolean {
  const { object } = context;
  const exportTo = (spec(context).exportTo ?? []) as readonly string[];
  const home = object === undefined ? '' : namespaceOf(object);
  const homes = definitionsOf(context.manifests, ownHost(context)).map(({ namespace }) => namespace);
  return (
    exportTo.length > 0 &&
    !['*', '.', home].some((name) => exportTo.includes(name)) &&
    home !== GATEWAY_NAMESPACE &&
    !homes.includes(home)
  );
}

/** Whether several define the host of the rule, of which one may have endpoints for every subset. */
export function hasSeveralDefinitions(context: Context): boolean {
  return definitionsOf(context.manifests, ownHost(context)).length > 1;
}
