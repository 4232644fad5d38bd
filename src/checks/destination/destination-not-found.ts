/*
 * A route or mirror to a host that neither a Service nor a ServiceEntry has, or none that its clients can see: Envoy has no
 * cluster for it and answers 503. What is certain about it, missing-host.ts says.
 *
 * Told once for each host of a VirtualService, however many of its rules lead there: they have one cause.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { RegistryService } from '../../model/registry';
import type { VirtualService } from '../../model/virtual-service';
import { type Client, clientsOf, namespacesInWords, seesHost } from '../../proxy/clients';
import { groupBy } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { existsElsewhere } from '../shared/exists-elsewhere';
import { missingHost, whyMissing } from '../shared/missing-host';
import { destinationsOf, type WrittenDestination } from '../shared/written-destinations';

export const destinationNotFound: Check = {
  id: 'destination-not-found',
  title: 'A route leads to a host that does not exist',
  severity: Severity.WARNING,
  istio: ['IST0101'],
  kiali: ['KIA1101'],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      for (const places of placesByHost(virtualService)) {
        const found = missing(mesh, virtualService, places) ?? unseen(mesh, virtualService, places);
        if (found !== undefined) {
          report({ object: virtualService.object, path: `${places[0].destination.path}.host`, ...found });
        }
      }
    }
  },
};

/** Where a VirtualService leads, together what has one host and fails in one way. */
function placesByHost(virtualService: VirtualService): Iterable<readonly WrittenDestination[]> {
  return groupBy(
    destinationsOf(virtualService),
    ({ destination, role, kind }) => `${destination.host} ${role} ${kind === 'http'}`,
  ).values();
}

type Words = Pick<Observation, 'severity' | 'message' | 'help'>;

function missing(
  mesh: MeshModel,
  virtualService: VirtualService,
  places: readonly WrittenDestination[],
): Words | undefined {
  const { host, writtenHost } = places[0].destination;
  const { object } = virtualService;
  const found = missingHost(mesh, writtenHost, host, object.namespace);
  // An ExternalName is here, and what it stands for is another host.
  const isElsewhere = mesh.servicesOf(host).length === 0 && existsElsewhere(object, writtenHost, host);
  if (found === undefined || (found.severity !== Severity.ERROR && isElsewhere)) {
    return undefined;
  }
  const failure = consequence(places[0], virtualService.boundTo.includes(MESH_GATEWAY) ? 'callers' : 'clients');
  return {
    severity: found.severity,
    message: `${leads(virtualService, places)}. ${whyMissing(found, failure)}`,
    help: found.help,
  };
}

/** The host is there, and some client that is known does not see it, or hardly any gateway. */
function unseen(
  mesh: MeshModel,
  virtualService: VirtualService,
  places: readonly WrittenDestination[],
): Words | undefined {
  const { host } = places[0].destination;
  const services = mesh.servicesOf(host);
  if (services.length === 0) {
    return undefined;
  }
  const isUnseenBy = (client: Client, namespace: string) => !seesHost(mesh, client, namespace, host);
  const hidden = `${leads(virtualService, places)}, which ${listOf(services.map(exported))}`;
  const where = services[0].service === undefined ? 'spec.exportTo' : 'the annotation networking.istio.io/exportTo';
  const remedy = (namespaces: string) => `Add ${namespaces} to ${where} of ${nameOf(services[0].object)}.`;
  const matches = places.map((place) => place.matches);
  const clients = clientsOf(mesh, virtualService, host, matches);
  const failing = clients.filter((client) => client.namespace !== undefined && isUnseenBy(client, client.namespace));
  const namespaces = [...new Set(failing.flatMap(({ namespace = '', alike = () => [namespace] }) => alike()))];
  if (namespaces.length > 0) {
    const isSure = failing.some(
      ({ certain, kind }) => certain && (kind === 'gateway' || failing.length === clients.length),
    );
    return {
      severity: isSure ? Severity.ERROR : Severity.WARNING,
      message: `${hidden}. So the host is not visible in namespace ${namespacesInWords(namespaces)}: there ${consequence(places[0], 'clients')}.`,
      help: remedy(listOf(namespaces.map((namespace) => `'${namespace}'`))),
    };
  }
  const unlikely = clients.find(
    (client) => client.likely.length > 0 && client.likely.every((namespace) => isUnseenBy(client, namespace)),
  )?.likely;
  return (
    unlikely && {
      severity: Severity.WARNING,
      message: `${hidden}. So the host is not visible to a gateway in namespace ${listOf(unlikely, 'or')}. The manifests do not say where the gateway's pods run; unless that namespace sees the host, ${consequence(places[0], 'clients')}.`,
      help: remedy('the namespace of the pods of the gateway'),
    }
  );
}

function exported({ object, exportTo }: RegistryService): string {
  return `${nameOf(object)} exports to ${listOf(exportTo.map((scope) => `'${scope}'`))} only`;
}

function leads({ object }: VirtualService, places: readonly WrittenDestination[]): string {
  const { destination, role } = places[0];
  const times = places.length === 1 ? '' : ` in ${places.length} places, of which this is the first`;
  return `${nameOf(object)} ${role === 'mirror' ? 'mirrors' : 'routes'} to ${destination.host}${times}`;
}

function consequence({ role, kind }: WrittenDestination, who: string): string {
  if (role === 'mirror') {
    return 'no copy arrives';
  }
  return kind === 'http' ? `${who} get 503` : `${who} get a closed connection`;
}
