/*
 * The proxies that use the routes of a VirtualService: those that the manifests have, and in the namespaces that have none the one
 * that would be there; and what each takes a host for that several Services and ServiceEntries define: one of them, by namespace,
 * export and age, or ServiceEntries of one namespace merged.
 */
import type { StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { firstByName, inferredService, mergedByHost, visibleServices } from '../model/imported-services';
import { injectionOf } from '../model/injection';
import type { MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { perMesh } from '../model/per-mesh';
import type { RegistryService } from '../model/registry';
import { rulesForHost } from '../model/rules-for-host';
import { isAt, isForSidecars, type VirtualService } from '../model/virtual-service';
import { Visibility, visibilityOf } from '../model/visibility';
import { append } from '../syntax/grouping';
import { labelsOf, listOf } from '../syntax/wording';
import { dataPlaneOf } from './data-plane';

/** The gateways or sidecars of one namespace, or a gateway whose pods are not given. */
export interface Client {
  readonly kind: 'gateway' | 'sidecar';
  /** Where they are; absent for gateways whose pods are not given. */
  readonly namespace?: string;
  /** Of pods that are not given, where they may run: with their Gateway, or in Istio's root namespace. */
  readonly likely: readonly string[];
  /** Whether the manifests show that there are such clients. */
  readonly certain: boolean;
  /** Some namespaces whose sidecars read the same rules and take the host for the same, of which this is one. */
  readonly alike?: () => readonly string[];
}

/** What a route asks of its clients. */
interface Asked {
  readonly gateways: readonly string[];
  readonly sourceNamespace?: string;
}

/** Where a VirtualService leads to one host: the matches of each of those routes. */
type Matches = readonly (readonly Asked[])[];

/** Any client that uses the VirtualService. */
const ANY: Matches = [[]];

/**
 * Who uses routes of a VirtualService that lead to a host. Of sidecars these are the namespaces that see the VirtualService and have
 * pods with one; where the manifests contain no such pod, those that `exportTo` names, or else the VirtualService's own.
 */
export function clientsOf(
  mesh: MeshModel,
  virtualService: VirtualService,
  host: string,
  matches: Matches = ANY,
): readonly Client[] {
  return rootsOf(mesh, virtualService).flatMap((root) =>
    root.boundTo.flatMap((ref): readonly Client[] => {
      if (!matches.some((some) => isAt(some, ref))) {
        return [];
      }
      if (ref === MESH_GATEWAY) {
        return sidecarsOf(mesh, root, host, matches);
      }
      const gateway = mesh.gateway(ref);
      const likely = gateway === undefined ? [] : [...new Set([gateway.object.namespace, mesh.rootNamespace])];
      const namespaces = namespacesOfGateway(mesh, ref);
      return namespaces.length === 0
        ? [{ kind: 'gateway', likely, certain: false }]
        : namespaces.map((namespace) => ({ kind: 'gateway', namespace, likely: [], certain: true }));
    }),
  );
}

/** Where the pods of a gateway are, as far as manifests show it. */
function namespacesOfGateway(mesh: MeshModel, ref: string): readonly string[] {
  const gateway = mesh.gateway(ref);
  const pods = gateway === undefined ? [] : dataPlaneOf(mesh).gateways.podsOf(gateway);
  return [...new Set(pods.map(({ object }) => object.namespace))];
}

/** Of namespaces that nothing tells apart, the first stands for all. */
function sidecarsOf(mesh: MeshModel, root: VirtualService, host: string, matches: Matches): readonly Client[] {
  const readers = readersOf(mesh, root);
  const apart = namespacesApart(mesh, host, matches);
  const reads = (namespace: string) => isMeant(matches, namespace) && importsRules(mesh, root, namespace);
  const clientIn = (namespace: string) => ({
    kind: 'sidecar' as const,
    namespace,
    likely: [],
    certain: readers.get(namespace) === true,
    alike: () => [namespace].filter(reads),
  });
  if (mesh.sidecarConfigs.length > 0 && mesh.servicesOf(host).length > 1) {
    return [...readers.keys()].filter(reads).map(clientIn);
  }
  const own = [...apart].filter((namespace) => readers.has(namespace) && isMeant(matches, namespace)).map(clientIn);
  const rest = () => firstFew(readers.keys(), (namespace) => !apart.has(namespace) && reads(namespace));
  const [first] = firstFew(readers.keys(), (namespace) => !apart.has(namespace) && isMeant(matches, namespace), 1);
  return first === undefined ? own : [...own, { ...clientIn(first), alike: rest }];
}

/** As many as messages name, and one more that shows that there are others. */
function firstFew<T>(items: Iterable<T>, is: (item: T) => boolean, most = MOST_NAMED + 1): readonly T[] {
  const found: T[] = [];
  for (const item of items) {
    if (is(item)) {
      found.push(item);
    }
    if (found.length >= most) {
      break;
    }
  }
  return found;
}

const MOST_NAMED = 3;

/** `shop`, `shop or team`, `shop, team, web and others`. */
export function namespacesInWords(namespaces: readonly string[]): string {
  return namespaces.length <= MOST_NAMED
    ? listOf(namespaces, 'or')
    : `${namespaces.slice(0, MOST_NAMED).join(', ')} and others`;
}

function isMeant(matches: Matches, namespace: string): boolean {
  const isFrom = ({ sourceNamespace = '' }: Asked) => sourceNamespace === '' || sourceNamespace === namespace;
  return matches.some((some) => some.length === 0 || some.some((match) => isForSidecars(match) && isFrom(match)));
}

/** Whether the sidecars of a namespace import the rules, all or some of them. */
function importsRules(mesh: MeshModel, { object }: VirtualService, namespace: string): boolean {
  return (
    mesh.sidecarConfigs.length === 0 ||
    dataPlaneOf(mesh)
      .sidecars.inNamespace(namespace)
      .some(({ scope }) => scope.virtualServices().some((each) => each.object === object))
  );
}

/** By namespace that sees a VirtualService, whether pods there have a sidecar for sure. */
function readersOf(mesh: MeshModel, { object, exportTo }: VirtualService): ReadonlyMap<string, boolean> {
  const pods = podsWithSidecar(mesh);
  if (visibilityOf(exportTo, object.namespace, NO_NAMESPACE) === Visibility.PUBLIC) {
    return pods.size > 0 ? pods : new Map([[object.namespace, false]]);
  }
  const named = exportTo.map((scope) => (scope === '.' ? object.namespace : scope)).filter((scope) => scope !== '~');
  const present = named.filter((namespace) => pods.has(namespace));
  return new Map((present.length > 0 ? present : named).map((namespace) => [namespace, pods.get(namespace) === true]));
}

/** By namespace with pods that may have a sidecar, whether some have one for sure. */
const podsWithSidecar = perMesh((mesh): ReadonlyMap<string, boolean> => {
  const found = new Map<string, boolean>();
  for (const workload of dataPlaneOf(mesh).sidecars.workloads()) {
    const { namespace } = workload.object;
    found.set(namespace, found.get(namespace) === true || injectionOf(mesh, workload) === 'yes');
  }
  return found;
});

/** Namespaces whose clients may take a host, or find DestinationRules for it, otherwise than most do. */
function namespacesApart(mesh: MeshModel, host: string, matches: Matches): ReadonlySet<string> {
  const definitions = mesh.servicesOf(host);
  const rules = rulesForHost(mesh, host).anywhere;
  const named = [
    mesh.rootNamespace,
    ...definitions.flatMap(({ namespace, exportTo }) => [namespace, ...exportTo]),
    ...rules.flatMap(({ object, exportTo }) => [object.namespace, ...exportTo]),
    ...matches.flat().map(({ sourceNamespace = '' }) => sourceNamespace),
  ];
  return new Set(named.filter((name) => !['', '*', '.', '~'].includes(name)));
}

/** Those through which clients use the routes: itself, or for a delegate all that delegate to it. */
export function rootsOf(mesh: MeshModel, virtualService: VirtualService): readonly VirtualService[] {
  return virtualService.hosts.length > 0 ? [virtualService] : (rootsByDelegate(mesh).get(virtualService.object) ?? []);
}

/** Only those count of which a rule is merged in. */
const rootsByDelegate = perMesh((mesh) => {
  const roots = new Map<MeshObject, VirtualService[]>();
  for (const root of mesh.effectiveVirtualServices) {
    for (const delegate of new Set(root.http.map(({ object }) => object))) {
      if (delegate !== root.object) {
        append(roots, delegate, root);
      }
    }
  }
  return roots;
});

/** What some clients take a host for. */
export interface View {
  /** The clients, as in `clients in namespace shop`. */
  readonly who: string;
  readonly namespace?: string;
  readonly certain: boolean;
  /** Several where a Sidecar parts the pods of one namespace. */
  readonly seen: readonly RegistryService[];
  /** Of the pods, where a DestinationRule is for some of a namespace only. */
  readonly labels?: StringMap;
  readonly client?: Client;
}

/**
 * Without clients that do not see the host at all. Several of the same clients where age decides what they take the host for, and
 * is not known.
 */
export function viewsOf(
  mesh: MeshModel,
  virtualService: VirtualService,
  host: string,
  matches?: Matches,
): readonly View[] {
  const views = clientsOf(mesh, virtualService, host, matches).flatMap((client) => {
    const { kind, namespace, certain } = client;
    const found =
      namespace === undefined
        ? viewsOfAnyGateway(mesh, host)
        : kind === 'sidecar'
          ? viewsOfSidecars(mesh, namespace, host, certain)
          : viewsOfProxies(mesh, namespace, host, certain);
    return found.map((view) => ({ ...view, client }));
  });
  return views.filter(({ seen }) => seen.length > 0);
}

/**
 * Who may call a host, whatever rules lead there, and what they take it for; those first of whom that is certain. Of the namespaces
 * whose sidecars nothing tells apart, one stands for all. Where the manifests contain no pods of a namespace, there may be some.
 *
 * @param gateways those with routes to the host
 */
export function callersOf(mesh: MeshModel, host: string, gateways: ReadonlySet<string>): readonly View[] {
  const pods = podsWithSidecar(mesh);
  const apart = namespacesApart(mesh, host, ANY);
  const [other = NO_NAMESPACE] = firstFew(pods.keys(), (namespace) => !apart.has(namespace), 1);
  const ofSidecars = [...apart, other]
    .filter((namespace) => pods.has(namespace) || !populated(mesh).has(namespace))
    .flatMap((namespace) => viewsOfSidecars(mesh, namespace, host, pods.get(namespace) === true));
  const ofGateways = [...new Set([...gateways].flatMap((ref) => namespacesOfGateway(mesh, ref)))].flatMap((namespace) =>
    viewsOfProxies(mesh, namespace, host, true),
  );
  return [...ofSidecars, ...ofGateways]
    .filter(({ seen }) => seen.length > 0)
    .sort((a, b) => Number(b.certain) - Number(a.certain));
}

/** The namespaces of which the manifests contain pods. */
const populated = perMesh((mesh) => new Set(mesh.workloads.map(({ object }) => object.namespace)));

/** Clients for whom something fails. */
export interface Failing extends View {
  /** Whether it is not so if another definition is the older, and the manifests do not say which is. */
  readonly isOpen: boolean;
  /** Whether it is bound to happen: at a gateway that is there, or wherever the rules are used at all. */
  readonly isSure: boolean;
}

export function failingOf(views: readonly View[], fails: (view: View) => boolean): readonly Failing[] {
  const [failing, fine] = [views.filter(fails), views.filter((view) => !fails(view))];
  return failing
    .map((view) => {
      const { client, who, certain } = view;
      // A gateway and sidecars of one namespace are called the same.
      const isOpen = fine.some((other) => other.who === who && other.client?.kind === client?.kind);
      return {
        ...view,
        isOpen,
        isSure: certain && !isOpen && (client?.kind !== 'sidecar' || fine.length === 0),
      };
    })
    .filter((view) => view.namespace === undefined || namespacesOf(view).length > 0);
}

/** Where they are, and some that are like them. */
export function namespacesOf({ client, namespace }: View): readonly string[] {
  return client?.alike?.() ?? (namespace === undefined ? [] : [namespace]);
}

/** The clients for whom something fails: the first of those for whom that is certain, or else of all. */
export function firstFailing(views: readonly View[], fails: (view: View) => boolean): Failing | undefined {
  const all = failingOf(views, fails);
  return all.find(({ isSure }) => isSure) ?? all[0];
}

export const AGE_NOT_KNOWN = 'the manifests do not say which one is older';

/** No namespace has such a name: it sees what all of them see. */
const NO_NAMESPACE = '/';

/** What gateways of every namespace take the host for, if that is the same. */
function viewsOfAnyGateway(mesh: MeshModel, host: string): readonly View[] {
  const definitions = mesh.servicesOf(host);
  return visibleServices(definitions, NO_NAMESPACE).length < definitions.length
    ? []
    : takenByAge(mesh, host, NO_NAMESPACE).map((service) => ({ who: 'gateways', certain: false, seen: [service] }));
}

/** Whether some client in a namespace knows a host. Sidecars look up what a rule names in their own namespace whatever it exports. */
export function seesHost(mesh: MeshModel, { kind }: Pick<Client, 'kind'>, namespace: string, host: string): boolean {
  return (
    mesh.service(host, namespace) !== undefined || (kind === 'sidecar' && inferred(mesh, namespace, host).length > 0)
  );
}

function inferred(mesh: MeshModel, namespace: string, host: string): readonly RegistryService[] {
  return present([inferredService(firstByName(mesh.servicesOf(host)), namespace)]);
}

/** Of proxies in a namespace that import all they may, as gateways do. */
export function viewsOfProxies(mesh: MeshModel, namespace: string, host: string, certain: boolean): readonly View[] {
  const who = `clients in namespace ${namespace}`;
  return takenByAge(mesh, host, namespace).map((service) => ({ who, namespace, certain, seen: [service] }));
}

function viewsOfSidecars(mesh: MeshModel, namespace: string, host: string, certain: boolean): readonly View[] {
  const isForSome = rulesForHost(mesh, host).anywhere.some(
    ({ object, workloadSelector }) => workloadSelector !== undefined && object.namespace === namespace,
  );
  // One definition, and no Sidecar that could leave it out: whatever the pods are, they see the same.
  if (mesh.servicesOf(host).length < 2 && !isForSome) {
    const found = viewsOfProxies(mesh, namespace, host, certain);
    const seen = found.length > 0 ? [] : inferred(mesh, namespace, host);
    return seen.length === 0 ? found : [{ who: `clients in namespace ${namespace}`, namespace, certain, seen }];
  }
  const all = dataPlaneOf(mesh).sidecars.inNamespace(namespace);
  const who = `clients in namespace ${namespace}`;
  if (isForSome) {
    return all.map(({ scope }) => {
      const { labels } = scope;
      const seen = present([scope.clusterService(host)]);
      return { who: `${who} labelled ${labelsOf(labels) || 'otherwise'}`, namespace, certain, seen, labels };
    });
  }
  const seen = [...new Set(present(all.map(({ scope }) => scope.clusterService(host))))];
  // What is of their own namespace they take whatever its age, and of what a Sidecar imports the model knows more.
  return seen.length !== 1 || seen[0].namespace === namespace || all.some(({ scope }) => scope.config !== undefined)
    ? [{ who, namespace, certain, seen }]
    : viewsOfProxies(mesh, namespace, host, certain);
}

/**
 * What a proxy in `viewer` that imports all it may takes the host for: one definition, or each that may be the oldest of those
 * that differ in nothing else for Istio.
 */
function takenByAge(mesh: MeshModel, host: string, viewer: string): readonly RegistryService[] {
  const taken = mesh.service(host, viewer);
  const visible = visibleServices(mesh.servicesOf(host), viewer);
  if (taken?.entry === undefined || visible.length < 2) {
    return present([taken]);
  }
  const isPublic = ({ exportTo, namespace }: RegistryService) =>
    visibilityOf(exportTo, namespace, viewer) === Visibility.PUBLIC;
  const equals = visible.filter((service) => isPublic(service) === isPublic(visible[0]));
  const oldest = equals.filter(
    ({ object }, index) =>
      object.created === undefined || equals.slice(0, index).every((earlier) => earlier.object.created === undefined),
  );
  // Of one namespace, others may add their ports to whichever comes first.
  return present(oldest.map((first) => mergedByHost([first, ...visible.filter((each) => each !== first)]).get(host)));
}

function present(services: readonly (RegistryService | undefined)[]): readonly RegistryService[] {
  return services.filter((service) => service !== undefined);
}
