/*
 * A DestinationRule with which clients do not use the TLS that the sidecars of the pods expect: plain text, or TLS without Istio's
 * certificate, where a PeerAuthentication is STRICT; Istio's mutual TLS where it is off, or where there is no sidecar. Without
 * DestinationRule, Istio finds out by itself what each pod understands.
 *
 * The first is certain, and an error, where the pods get a sidecar for sure. Of the second the application itself might make
 * something, so it is a warning.
 */

import type { StringMap } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { ByPort } from '../../model/by-port';
import type { ClientTls } from '../../model/client-tls';
import type { DestinationRule } from '../../model/destination-rule';
import type { MeshModel } from '../../model/model';
import { mismatchInWords, type TlsMismatch, tlsMismatch } from '../../model/mutual-tls';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import { selects } from '../../model/workload';
import { callersOf, type View } from '../../proxy/clients';
import { isSubsetOf, isWildcard } from '../../syntax/hosts';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { gatewaysTo } from '../shared/written-destinations';

export const mtlsConflict: Check = {
  id: 'mtls-conflict',
  title: 'Clients use another TLS mode than the pods expect',
  severity: Severity.ERROR,
  istio: [],
  kiali: ['KIA0207', 'KIA0208'],
  run(mesh, report) {
    for (const rule of mesh.destinationRules) {
      const settings = settingsOf(rule);
      const services = settings.length === 0 ? [] : servicesOf(mesh, rule);
      const followed = services.flatMap((service) => {
        const by = followersOf(mesh, service).get(rule);
        return by === undefined ? [] : { service, isCertain: by.certain };
      });
      for (const setting of settings) {
        const found = firstOf(followed, ({ service, isCertain }) => examine(mesh, service, setting, isCertain));
        if (found !== undefined) {
          report({ object: rule.object, path: setting.client.path, ...found });
        }
      }
    }
  },
};

const knownFollowers = perMesh(() => new Map<RegistryService, ReadonlyMap<DestinationRule, View>>());

/** The rules that are in force for somebody who may call a service, each with the first for whom it is. */
function followersOf(mesh: MeshModel, service: RegistryService): ReadonlyMap<DestinationRule, View> {
  const { host, namespace } = service;
  const known = knownFollowers(mesh).get(service);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<DestinationRule, View>();
  for (const caller of callersOf(mesh, host, gatewaysTo(mesh).get(host) ?? new Set())) {
    const rules = mesh.destinationRule(host, namespace, caller.namespace ?? '', caller.labels)?.rules ?? [];
    // Of several rules that Istio merges, only the first policy counts.
    const policies = rules.filter(({ hasTrafficPolicy }) => hasTrafficPolicy);
    for (const rule of policies.length === 0 ? rules : policies.length === 1 ? policies : []) {
      found.set(rule, found.get(rule) ?? caller);
    }
  }
  knownFollowers(mesh).set(service, found);
  return found;
}

/** What a DestinationRule says of TLS in one place. */
interface Setting {
  readonly client: ClientTls;
  readonly labels?: StringMap;
  readonly appliesTo: (port: number) => boolean;
}

/** A setting for a port replaces all others for it. */
function settingsOf(rule: DestinationRule): readonly Setting[] {
  const places: readonly { readonly tls?: ByPort<ClientTls>; readonly labels?: StringMap }[] = [
    { tls: rule.tls },
    ...rule.subsets,
  ];
  return places.flatMap(({ tls, labels }) => {
    const settings = [
      { client: tls?.all, appliesTo: (port: number) => !tls?.byPort.has(port) },
      ...[...(tls?.byPort ?? [])].map(([number, client]) => ({ client, appliesTo: (port: number) => port === number })),
    ];
    return settings.flatMap(({ client, appliesTo }) => (client === undefined ? [] : { client, labels, appliesTo }));
  });
}

/** The services that the rule is for, each by the only object that defines it. */
function servicesOf(mesh: MeshModel, { host }: DestinationRule): readonly RegistryService[] {
  const all = isWildcard(host)
    ? mesh.registry.filter((service) => isSubsetOf(service.host, host))
    : mesh.servicesOf(host);
  return all.filter((service) => mesh.servicesOf(service.host).length === 1);
}

type Words = Pick<Observation, 'severity' | 'message' | 'help'>;

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function examine(
  mesh: MeshModel,
  { service, host }: RegistryService,
  setting: Setting,
  hasClients: boolean,
): Words | undefined {
  const { client, labels, appliesTo } = setting;
  if (service?.selector === undefined) {
    return undefined;
  }
  const workloads = mesh.workloadIndex
    .select(service.object.namespace, service.selector)
    .filter(({ podLabels }) => labels === undefined || selects(labels, podLabels));
  const ports = service.ports.filter(({ number, protocol }) => protocol !== 'UDP' && appliesTo(number));
  const found = firstOf(workloads, (workload) => firstOf(ports, (port) => tlsMismatch(mesh, client, workload, port)));
  return found && inWords(found, host, hasClients);
}

function inWords(found: TlsMismatch, host: string, hasClients: boolean): Words {
  const { client, isCertain } = found;
  const otherwise = client.mode === 'ISTIO_MUTUAL' ? 'DISABLE' : 'ISTIO_MUTUAL';
  return {
    severity: isCertain && hasClients ? Severity.ERROR : Severity.WARNING,
    message: `${nameOf(client.object)} makes clients of ${host} use TLS mode ${client.mode}, and ${mismatchInWords(found)}.${isCertain && !hasClients ? ' The manifests do not show a client with a sidecar that uses the rule.' : ''}`,
    help: `Take tls out of the DestinationRule, so that Istio chooses by itself, or write 'mode: ${otherwise}'.`,
  };
}
