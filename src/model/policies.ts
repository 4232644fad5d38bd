/*
 * Istio's policies, and which of them select pods: those of the pods' namespace and of the root namespace, by the labels of the pods
 * (`WorkloadPolicyMatcher`).
 */
import type { StringMap } from '../manifests/node';
import { inIstioOrder, type MeshObject } from '../manifests/object';
import { append } from '../syntax/grouping';
import type { MeshModel } from './model';
import { perMesh } from './per-mesh';
import { selects } from './workload';

type PolicyKind = 'AuthorizationPolicy' | 'PeerAuthentication' | 'RequestAuthentication';

/** A policy and the pods that it is for. */
export interface Policy {
  readonly object: MeshObject;
  /** Empty for all pods. */
  readonly selector: StringMap;
  /** The objects of its namespace for whose pods alone it is; absent where the labels decide. */
  readonly targets?: readonly { readonly kind: string; readonly name: string }[];
}

/** Pods, as far as policies look at them. */
export interface Selectable {
  readonly labels: StringMap;
  /** Absent where it is not known. */
  readonly namespace?: string;
}

type ByNamespace = ReadonlyMap<string, readonly Policy[]>;

const NONE: ByNamespace = new Map();

const policiesByKind = perMesh(() => new Map<PolicyKind, ByNamespace>());

/** All policies of a kind by their namespace, in Istio's order. */
export function policiesOf(mesh: MeshModel, kind: PolicyKind): ByNamespace {
  const known = policiesByKind(mesh);
  const found = known.get(kind) ?? readPolicies(mesh.ofKind(kind));
  known.set(kind, found);
  return found;
}

/** Those that are for some pods: of the root namespace, and of theirs. */
export function policiesFor(mesh: MeshModel, kind: PolicyKind, pods: Selectable): readonly Policy[] {
  const all = policiesOf(mesh, kind);
  if (all.size === 0) {
    return [];
  }
  const { namespace } = pods;
  // Of pods whose namespace is not known, those are meant that somebody names by their labels.
  const near =
    namespace === undefined
      ? [...all].flatMap(([name, policies]) => (name === mesh.rootNamespace ? [] : policies.filter(hasSelector)))
      : namespace === mesh.rootNamespace
        ? []
        : (all.get(namespace) ?? []);
  return [...(all.get(mesh.rootNamespace) ?? []), ...near].filter((policy) => isFor(policy, pods));
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** Pods that the Gateway API makes heed what names their Gateway, and no labels unless nothing is named. */
function isFor({ object, selector, targets }: Policy, { labels, namespace }: Selectable): boolean {
  const gateway = labels.get(GATEWAY_NAME);
  if (targets === undefined) {
    return selects(selector, labels);
  }
  return (
    object.namespace === (namespace ?? object.namespace) &&
    targets.some(({ kind, name }) => kind === 'Gateway' && name === gateway)
  );
}

function hasSelector({ selector, targets }: Policy): boolean {
  return selector.size > 0 || targets !== undefined;
}

function readPolicies(objects: readonly MeshObject[]): ByNamespace {
  const found = new Map<string, Policy[]>();
  const policies = objects.filter(({ group }) => group === 'security.istio.io');
  for (const object of [...policies].sort(inIstioOrder)) {
    append(found, object.namespace, readPolicy(object));
  }
  return found.size === 0 ? NONE : found;
}

function readPolicy(object: MeshObject): Policy {
  const spec = object.node.get('spec');
  const several = spec.get('targetRefs').maps();
  const written = several.length > 0 ? several : [spec.get('targetRef')].filter(({ present }) => present);
  const targets = written.map((target) => ({
    kind: target.get('kind').text() ?? '',
    name: target.get('name').text() ?? '',
  }));
  return {
    object,
    selector: spec.get('selector').get('matchLabels').stringMap(),
    targets: targets.length === 0 ? undefined : targets,
  };
}
