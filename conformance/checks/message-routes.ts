/*
 * What reasons ask of where rules lead: to which subsets, and to which ports of Services.
 */
import type { Manifest } from '../manifest';
import { type Context, nameOf, namespaceOf, virtualServices } from './message-context';
import { fullName } from './message-hosts';

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

/** The two VirtualServices of a message about a subset in one that has no effect on the other. */
function ofIngress({ manifests, message }: Context): readonly (Manifest | undefined)[] {
  const [, inside, ingress] =
    /Subset in virtual service (\S+) has no effect on ingress gateway (\S+) /.exec(message.message) ?? [];
  return [inside, ingress].map((name) => virtualServices(manifests).find((each) => nameOf(each) === name));
}

/** Whether the rules with the subset are bound to all Gateways of the other, too. */
export function holdsForGatewayToo(context: Context): boolean {
  const [inside = [], ingress = []] = ofIngress(context).map((each) => {
    const { gateways = ['mesh'] } = (each?.spec ?? {}) as { gateways?: readonly string[] };
    return gateways.map((name) => (name.includes('/') || each === undefined ? name : `${namespaceOf(each)}/${name}`));
  });
  return ingress.every((name) => name.endsWith('/mesh') || inside.includes(name));
}

/** Whether every workload behind the service is in each of the subsets, so that it does not matter which of them is taken. */
export function dividesNothing(context: Context): boolean {
  const [inside] = ofIngress(context);
  const uses = inside === undefined ? [] : httpDestinations(inside).filter(({ subset }) => subset !== undefined);
  const { hosts = [] } = (inside?.spec ?? {}) as { hosts?: readonly string[] };
  return uses.every(({ host, subset }) => {
    const full = inside === undefined ? host : fullName(host, inside);
    return !hosts.includes(host) || isWhole(context.manifests, full, subset ?? '');
  });
}

function isWhole(manifests: readonly Manifest[], host: string, name: string): boolean {
  const labels = manifests.flatMap((each) => {
    const { host: own = '', subsets = [] } = (each.spec ?? {}) as RuleSpec;
    return each.kind === 'DestinationRule' && fullName(own, each) === host
      ? subsets.filter((subset) => subset.name === name).map((subset) => subset.labels ?? {})
      : [];
  });
  const pods = podsBehind(manifests, host);
  return labels.length > 0 && pods.length > 0 && labels.every((wanted) => pods.every((pod) => carries(pod, wanted)));
}

interface RuleSpec {
  readonly host?: string;
  readonly subsets?: readonly { readonly name: string; readonly labels?: Labels }[];
}

interface Labels {
  readonly [key: string]: string;
}

/** The labels of the pods of a Service. */
function podsBehind(manifests: readonly Manifest[], host: string): readonly Labels[] {
  const service = manifests.find((each) => each.kind === 'Service' && fullName(each.metadata.name, each) === host);
  const { selector } = (service?.spec ?? {}) as { selector?: Labels };
  return manifests.flatMap((each) => {
    const { template } = (each.spec ?? {}) as { template?: { metadata?: { labels?: Labels } } };
    const labels = template?.metadata?.labels;
    const isBehind =
      service !== undefined &&
      selector !== undefined &&
      labels !== undefined &&
      namespaceOf(each) === namespaceOf(service);
    return isBehind && carries(labels, selector) ? [labels] : [];
  });
}

function carries(pod: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => pod[key] === value);
}

/** No http route leads to the port of the message: none names it, and none takes it as the only one. */
export function isNotRoutedTo({ manifests, message, object }: Context): boolean {
  const port = Number(/\(port: (\d+),/.exec(message.message)?.[1]);
  const ports = ((object?.spec ?? {}) as { ports?: readonly unknown[] }).ports ?? [];
  const host = object === undefined ? '' : fullName(object.metadata.name, object);
  return !manifests.some(
    (each) =>
      each.kind === 'VirtualService' &&
      httpDestinations(each).some(
        ({ host: written, port: named }) =>
          fullName(written, each) === host && (named === undefined ? ports.length === 1 : named.number === port),
      ),
  );
}

interface WrittenDestination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number: number };
}

function httpDestinations({ spec: of }: Manifest): readonly WrittenDestination[] {
  const { http = [] } = of as {
    http?: readonly {
      readonly route?: readonly { readonly destination: WrittenDestination }[];
      readonly mirror?: WrittenDestination;
      readonly mirrors?: readonly { readonly destination: WrittenDestination }[];
    }[];
  };
  return http.flatMap(({ mirror, mirrors = [], route = [] }) => [
    ...[...route, ...mirrors].map(({ destination }) => destination),
    ...(mirror === undefined ? [] : [mirror]),
  ]);
}
