import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';
import { append } from '../../syntax/grouping';
import { addValidation } from './validation';

/**
 * The context key that tells apart charts of one app that are meant for different clusters: two objects of one kind,
 * namespace and name are only a mistake where they meet in one cluster.
 */
export const CLUSTER_CONTEXT = 'cdk8s-versioned-mesh/cluster';

const WATCHED = Symbol.for('cdk8s-versioned-mesh.unique-objects');

/**
 * Has synthesis fail when two objects of one kind, namespace and name exist anywhere in the app of `scope`. cdk8s writes
 * both, and the cluster keeps whichever is applied last.
 */
export function watchForDuplicates(scope: Construct): void {
  const root = scope.node.root;
  if (!(WATCHED in root)) {
    Object.defineProperty(root, WATCHED, { value: true });
    addValidation(root, () => duplicatesIn(root));
  }
}

function duplicatesIn(root: IConstruct): string[] {
  const byIdentity = new Map<string, ApiObject[]>();
  for (const object of root.node.findAll()) {
    if (ApiObject.isApiObject(object)) {
      append(byIdentity, identityOf(object), object);
    }
  }
  return [...byIdentity]
    .filter(([, twins]) => twins.length > 1)
    .map(
      ([identity, twins]) =>
        `${identity.split('\n')[0]} is made ${twins.length} times, by ${pathsOf(twins)}. Applied to one cluster, the last ` +
        'would silently replace the others: give each a `name` or `namespace` of its own, or, if the charts are for ' +
        `different clusters, set the context '${CLUSTER_CONTEXT}' on each chart.`,
    );
}

function pathsOf(objects: readonly ApiObject[]): string {
  return objects.map(({ node }) => node.path).join(' and ');
}

/** The API version is left out: networking.istio.io/v1 and v1beta1 are two spellings of the same object. */
function identityOf(object: ApiObject): string {
  const { kind, name, namespace } = isRenamed(object) ? asWritten(object) : asMade(object);
  // cdk8s gives the namespace of its chart to every object, also to those that belong to the whole cluster.
  const where = namespace === undefined || isClusterWide(kind) ? '' : ` in namespace '${namespace}'`;
  const cluster = object.node.tryGetContext(CLUSTER_CONTEXT) ?? '';
  return `${kind} '${name}'${where}\n${object.apiGroup}\n${cluster}`;
}

interface Head {
  readonly kind: string;
  readonly name: unknown;
  readonly namespace?: unknown;
}

function asMade({ kind, name, metadata }: ApiObject): Head {
  return { kind, name, namespace: metadata.namespace };
}

/** Costs as much as writing the object does. */
function asWritten(object: ApiObject): Head {
  try {
    const { kind, metadata } = object.toJson();
    return { kind, name: metadata?.name, namespace: metadata?.namespace };
  } catch {
    // What cannot be serialized is for cdk8s to report, after all that other validations have to say.
    return asMade(object);
  }
}

const IDENTITY_PATHS = ['', '/metadata', '/metadata/name', '/metadata/namespace'];

/** Whether a JSON patch gives the object another name or namespace. cdk8s keeps patches to itself; this only looks. */
function isRenamed(object: ApiObject): boolean {
  const { patches } = object as unknown as { readonly patches?: readonly Patch[] };
  return patches?.some(({ operation }) => IDENTITY_PATHS.includes(operation?.path ?? '')) ?? false;
}

interface Patch {
  readonly operation?: { readonly path?: string };
}
