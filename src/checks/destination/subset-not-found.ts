/*
 * A route to a subset that no DestinationRule defines: Envoy has no cluster for it and answers 503.
 *
 * Certain where DestinationRules of the host are given and none has the subset. Where one has it, Istio may still not find it:
 * a client looks in its own namespace, else in the service's, else in the root namespace, and takes the first that has any rule.
 *
 * A remark only where the weight is 0 beside others that have some: Istio leaves such a destination out.
 *
 * Told once for each subset of a VirtualService, however many of its rules lead there. Nothing is said of a host that the manifests
 * lack altogether: that is one cause, and destination-not-found names it.
 */

import { nameOf } from '../../manifests/object';
import type { DestinationRule, MergedDestinationRule } from '../../model/destination-rule';
import type { MeshModel } from '../../model/model';
import type { RegistryService } from '../../model/registry';
import { rulesForHost } from '../../model/rules-for-host';
import type { VirtualService } from '../../model/virtual-service';
import {
  AGE_NOT_KNOWN,
  clientsOf,
  type Failing,
  failingOf,
  namespacesInWords,
  namespacesOf,
  type View,
  viewsOf,
  viewsOfProxies,
} from '../../proxy/clients';
import { groupBy } from '../../syntax/grouping';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { missingHost } from '../shared/missing-host';
import { isUnreadable } from '../shared/unreadable';
import { destinationsOf, type WrittenDestination } from '../shared/written-destinations';

export const subsetNotFound: Check = {
  id: 'subset-not-found',
  title: 'A route leads to a subset that no DestinationRule defines',
  severity: Severity.ERROR,
  istio: ['IST0101'],
  kiali: ['KIA1107'],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      for (const places of placesBySubset(virtualService)) {
        const [{ destination, isIdle }] = places;
        const found = look(mesh, virtualService, places);
        if (found !== undefined) {
          const words = isIdle ? asRemark(found) : found;
          report({ object: virtualService.object, path: `${destination.path}.subset`, ...words });
        }
      }
    }
  },
};

/** Where a VirtualService leads, by subset. Those that get no requests count only where no other leads there. */
function placesBySubset(virtualService: VirtualService): readonly (readonly WrittenDestination[])[] {
  const all = destinationsOf(virtualService).filter(({ destination }) => destination.subset !== undefined);
  const bySubset = groupBy(all, ({ destination: { host, subset } }) => `${host} ${subset}`);
  return [...bySubset.values()].map((places) => {
    const busy = places.filter(({ isIdle }) => !isIdle);
    return busy.length > 0 ? busy : places;
  });
}

type Words = Pick<Observation, 'message' | 'help' | 'severity'>;

/** Of a destination to which nothing goes. */
function asRemark({ message, help }: Words): Words {
  return {
    severity: Severity.INFO,
    message: `No request goes there while the weight is 0. But as soon as it gets a weight: ${message}`,
    help,
  };
}

function look(
  mesh: MeshModel,
  virtualService: VirtualService,
  places: readonly WrittenDestination[],
): Words | undefined {
  const [{ destination }] = places;
  const { writtenHost, subset = '' } = destination;
  const alias = mesh.servicesOf(destination.host).find(({ service }) => service?.externalName !== undefined);
  // The DestinationRules of an alias are those of the host that it points to.
  const host = alias?.service?.externalName ?? destination.host;
  const { nearest, anywhere } = rulesForHost(mesh, host);
  const standing = alias === undefined ? '' : ` (to which ${nameOf(alias.object)} points)`;
  const what = `${nameOf(virtualService.object)} routes to subset ${subset} of ${host}${standing}`;
  if (anywhere.length === 0) {
    if (missingHost(mesh, writtenHost, destination.host, virtualService.object.namespace) !== undefined) {
      return undefined;
    }
    return {
      severity: Severity.WARNING,
      message: `${what}, and no DestinationRule of the manifests is for that host. Unless the cluster has one, the requests are answered with 503.`,
      help: `Add a DestinationRule for ${alias === undefined ? writtenHost : host} with a subset called ${subset}, or leave the subset out.`,
    };
  }
  if (anywhere.some(({ object }) => isUnreadable(mesh, object, 'spec.subsets'))) {
    return undefined;
  }
  const having = anywhere.filter((rule) => rule.subsets.some(({ name }) => name === subset));
  return having.length === 0
    ? undefinedSubset(what, subset, nearest)
    : unseen(mesh, virtualService, places, host, having[0], what);
}

function undefinedSubset(what: string, subset: string, rules: readonly DestinationRule[]): Words {
  const names = [...new Set(rules.flatMap((rule) => rule.subsets.map(({ name }) => name)))];
  const near = closest(subset, names);
  const known = names.length === 0 ? 'none' : listOf(names);
  return {
    message: `${what}, which ${listOf(rules.map(({ object }) => nameOf(object)))} does not define; it has ${known}. The requests are answered with 503.`,
    help:
      near === undefined
        ? `Add '- name: ${subset}' with its labels to the subsets, or write one of those that exist.`
        : `Did you mean ${near}?`,
  };
}

/** A rule has the subset, but some client that is known does not see it, or hardly any gateway. */
function unseen(
  mesh: MeshModel,
  virtualService: VirtualService,
  places: readonly WrittenDestination[],
  host: string,
  having: DestinationRule,
  what: string,
): Words | undefined {
  const { subset = '' } = places[0].destination;
  const usedBy = ({ namespace = '', labels }: View, { namespace: owner }: RegistryService) =>
    mesh.destinationRule(host, owner, namespace, labels);
  // destination-not-found reports clients that do not see the host.
  const isUnseen = (view: View) => view.seen.every((service) => !usedBy(view, service)?.subsets.has(subset));
  const matches = places.map((place) => place.matches);
  const views = viewsOf(mesh, virtualService, host, matches).filter(({ namespace }) => namespace !== undefined);
  const failing = failingOf(views, isUnseen);
  const client = failing.find(({ isSure }) => isSure) ?? failing[0];
  const [first, ...others] =
    client === undefined ? hardlyAny(mesh, virtualService, host, isUnseen) : [client, ...failing];
  if (first === undefined) {
    return undefined;
  }
  const [service] = first.seen;
  const used = usedBy(first, service);
  const alike = others.filter(
    (other) =>
      other.labels === first.labels &&
      (client === undefined || (other as Failing).isOpen === client.isOpen) &&
      other.seen[0].namespace === service.namespace &&
      usedBy(other, other.seen[0]) === used,
  );
  const namespaces = [...new Set([first, ...alike].flatMap(namespacesOf))];
  const labelled = first.labels === undefined ? '' : first.who.slice(first.who.indexOf(' labelled '));
  const who = `${client === undefined ? 'gateways' : 'clients'} in namespace ${namespacesInWords(namespaces)}${labelled}`;
  const instead = used === undefined ? 'use none' : `use ${nameOf(used.rules[0].object)} instead`;
  return {
    severity: client?.isSure === true ? Severity.ERROR : Severity.WARNING,
    message: `${what}, which ${nameOf(having.object)} defines. But ${who} do not see that rule: they look in their own namespace, then for what is exported to them in ${service.namespace}, then in ${mesh.rootNamespace}, and ${instead}. ${consequence(client, service)}.`,
    help:
      client?.isOpen === true
        ? `Define ${host} once, or add the subset to the rule that is used.`
        : remedy(having, service, namespaces, used),
  };
}

function remedy(
  { object }: DestinationRule,
  { namespace }: RegistryService,
  clients: readonly string[],
  used: MergedDestinationRule | undefined,
): string {
  if (used !== undefined) {
    return `Add the subset to ${nameOf(used.rules[0].object)}.`;
  }
  return object.namespace === namespace
    ? `Add ${listOf(clients.map((client) => `'${client}'`))} to spec.exportTo of ${nameOf(object)}, or leave exportTo out.`
    : `Move ${nameOf(object)} to namespace ${namespace}, and export it to all. In ${object.namespace} only clients of that namespace see it, unless that is Istio's root namespace; if so, name it by --root-namespace (rootNamespace).`;
}

function consequence(client: Failing | undefined, { host, object }: RegistryService): string {
  if (client === undefined) {
    return "The manifests do not say where the gateway's pods run; unless that namespace sees the subset, the requests are answered with 503";
  }
  return client.isOpen
    ? `Several objects define ${host}, Istio uses the older one, and ${AGE_NOT_KNOWN}. If it uses ${nameOf(object)}, the requests are answered with 503`
    : 'Their requests are answered with 503';
}

/** The likely namespaces of a gateway that see the host, if none of them sees the subset, whichever definition is the older. */
function hardlyAny(
  mesh: MeshModel,
  virtualService: VirtualService,
  host: string,
  isUnseen: (view: View) => boolean,
): readonly View[] {
  const found = clientsOf(mesh, virtualService, host)
    .map(({ likely }) => likely.flatMap((namespace) => viewsOfProxies(mesh, namespace, host, false)))
    .find((views) => views.length > 0 && views.every(isUnseen));
  return found ?? [];
}
