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
import type { DestinationRule } from '../../model/destination-rule';
import type { Destination } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import type { VirtualService } from '../../model/virtual-service';
import {
  AGE_NOT_KNOWN,
  clientsOf,
  type Failing,
  firstFailing,
  type View,
  viewsOf,
  viewsOfProxies,
} from '../../proxy/clients';
import { groupBy } from '../../syntax/grouping';
import { mostSpecific } from '../../syntax/hosts';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { missingHost } from '../shared/missing-host';
import { isUnreadable } from '../shared/unreadable';
import { destinationsOf } from '../shared/written-destinations';

export const subsetNotFound: Check = {
  id: 'subset-not-found',
  title: 'A route leads to a subset that no DestinationRule defines',
  severity: Severity.ERROR,
  istio: ['IST0101'],
  kiali: ['KIA1107'],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      const seen = new Set<string>();
      const all = destinationsOf(virtualService);
      const [idle, others] = [all.filter(({ isIdle }) => isIdle), all.filter(({ isIdle }) => !isIdle)];
      // Those that get requests come first: what is said of them is not said again of the rest.
      for (const { destination, isIdle } of [...others, ...idle]) {
        const key = `${destination.host} ${destination.subset}`;
        if (destination.subset !== undefined && !seen.has(key)) {
          seen.add(key);
          const found = look(mesh, virtualService, destination, destination.subset);
          if (found !== undefined) {
            const words = isIdle ? asRemark(found) : found;
            report({ object: virtualService.object, path: `${destination.path}.subset`, ...words });
          }
        }
      }
    }
  },
};

type Words = Pick<Observation, 'message' | 'help' | 'severity'>;

/** Of a destination to which nothing goes. */
function asRemark({ message, help }: Words): Words {
  return {
    severity: Severity.INFO,
    message: `No request goes there while the weight is 0. But as soon as it gets a weight: ${message}`,
    help,
  };
}

const rulesByHost = perMesh((mesh) => groupBy(mesh.destinationRules, ({ host }) => host));

interface RulesForHost {
  /** Those of the most specific host. */
  readonly nearest: readonly DestinationRule[];
  /** Those and all whose wildcard covers the host, whoever may see them. */
  readonly anywhere: readonly DestinationRule[];
}

const knownRules = perMesh(() => new Map<string, RulesForHost>());

function rulesFor(mesh: MeshModel, host: string): RulesForHost {
  const known = knownRules(mesh);
  let found = known.get(host);
  if (found === undefined) {
    const index = rulesByHost(mesh);
    const wildcards = Array.from({ length: host.length + 1 }, (_, start) => `*${host.slice(start)}`);
    const anywhere = [host, ...wildcards].flatMap((name) => index.get(name) ?? []);
    found = { nearest: mostSpecific(host, index) ?? [], anywhere };
    known.set(host, found);
  }
  return found;
}

function look(
  mesh: MeshModel,
  virtualService: VirtualService,
  destination: Destination,
  subset: string,
): Words | undefined {
  const { writtenHost } = destination;
  const alias = mesh.servicesOf(destination.host).find(({ service }) => service?.externalName !== undefined);
  // The rules of an alias are those of what it stands for.
  const host = alias?.service?.externalName ?? destination.host;
  const { nearest, anywhere } = rulesFor(mesh, host);
  const standing = alias === undefined ? '' : ` (for which ${nameOf(alias.object)} stands)`;
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
    : unseen(mesh, virtualService, host, subset, having[0], what);
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
  host: string,
  subset: string,
  having: DestinationRule,
  what: string,
): Words | undefined {
  // Of clients that do not see the host, destination-not-found speaks.
  const isUnseen = ({ namespace = '', seen }: View) =>
    seen.every((service) => !mesh.destinationRule(host, service.namespace, namespace)?.subsets.has(subset));
  const views = viewsOf(mesh, virtualService, host).filter(({ namespace }) => namespace !== undefined);
  const client = firstFailing(views, isUnseen);
  const lacking = client === undefined ? hardlyAny(mesh, virtualService, host, isUnseen) : [client];
  if (lacking === undefined) {
    return undefined;
  }
  const viewers = [...new Set(lacking.map(({ namespace = '' }) => namespace))];
  const [service] = lacking[0].seen;
  const used = mesh.destinationRule(host, service.namespace, viewers[0]);
  const instead = used === undefined ? 'use none' : `use ${nameOf(used.rules[0].object)} instead`;
  const who = client === undefined ? 'gateways' : 'clients';
  return {
    severity: client?.certain === true && !client.isOpen ? Severity.ERROR : Severity.WARNING,
    message: `${what}, which ${nameOf(having.object)} defines. But ${who} in namespace ${listOf(viewers, 'or')} do not see that rule: they look in their own namespace, then for what is exported to them in ${service.namespace}, then in ${mesh.rootNamespace}, and ${instead}. ${consequence(client, service)}.`,
    help:
      client?.isOpen === true
        ? `Define ${host} once, or add the subset to the rule that is used.`
        : `Move ${nameOf(having.object)} to namespace ${service.namespace}, exported to all, or add the subset to the rule that is used.`,
  };
}

function consequence(client: Failing | undefined, { host, object }: RegistryService): string {
  if (client === undefined) {
    return 'Where the pods of the gateway run is not known from manifests; unless that is a namespace that sees the subset, the requests are answered with 503';
  }
  return client.isOpen
    ? `So it is if they take ${host} for that of ${nameOf(object)}, and the requests are then answered with 503: several objects define it, the older counts, and ${AGE_NOT_KNOWN}`
    : 'Their requests are answered with 503';
}

/** The likely namespaces of a gateway that see the host, if none of them sees the subset, whichever definition is the older. */
function hardlyAny(
  mesh: MeshModel,
  virtualService: VirtualService,
  host: string,
  isUnseen: (view: View) => boolean,
): readonly View[] | undefined {
  return clientsOf(mesh, virtualService)
    .map(({ likely }) => likely.flatMap((namespace) => viewsOfProxies(mesh, namespace, host, false)))
    .find((views) => views.length > 0 && views.every(isUnseen));
}
