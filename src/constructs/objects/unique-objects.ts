import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';
import { groupBy } from '../../syntax/grouping';
import { objectsIn } from './objects-in';
import { validateApp } from './validation';

/**
 * The context key that tells apart charts of one app that are meant for different clusters: two objects of one kind,
 * namespace and name are only a mistake where they meet in one cluster.
 */
export const CLUSTER_CONTEXT = 'cdk8s-versioned-mesh/cluster';

/** The cluster that `construct` is meant for; '' where nothing tells it from others. */
export function clusterOf({ node }: IConstruct): string {
  return `${node.tryGetContext(CLUSTER_CONTEXT) ?? ''}`;
}

/**
 * Has synthesis fail when two objects of one kind, namespace and name exist anywhere in the app of `scope`. cdk8s writes
 * both, and the cluster keeps whichever is applied last.
 *
 * Objects that are made with different names are not compared further, since what a JSON patch makes of a name only shows in what
 * is written, and to write everything once more takes long. So a patch that renames an object to the name of another one is not
 * found here, but by the check `duplicate-object`, wherever the app has its manifests checked.
 */
export function watchForDuplicates(scope: Construct): void {
  validateApp(scope, 'unique-objects', (root) => ({ validate: () => duplicatesIn(root) }));
}

function duplicatesIn(root: IConstruct): string[] {
  const objects = objectsIn(root);
  return twinsAmong(objects, asMade)
    .flatMap((twins) => twinsAmong(twins, asWritten))
    .map(
      (twins) =>
        `${nameOf(twins[0], asWritten(twins[0]))} is made ${twins.length} times, by ${pathsOf(twins)}. Applied to one cluster, the last ` +
        'would silently replace the others: give each a `name` or `namespace` of its own, or, if the charts are for ' +
        `different clusters, set the context '${CLUSTER_CONTEXT}' on each chart.`,
    );
}

/** The objects that others have the name of, together with those. */
function twinsAmong(objects: readonly ApiObject[], headOf: (object: ApiObject) => Head): ApiObject[][] {
  return [...groupBy(objects, (object) => identityOf(object, headOf(object))).values()].filter(
    ({ length }) => length > 1,
  );
}

function pathsOf(objects: readonly ApiObject[]): string {
  return objects.map(({ node }) => node.path).join(' and ');
}

/** The API version is left out: networking.istio.io/v1 and v1beta1 are two spellings of the same object. */
function identityOf(object: ApiObject, head: Head): string {
  return `${nameOf(object, head)}\n${object.apiGroup}\n${clusterOf(object)}`;
}

function nameOf({ kind }: ApiObject, { name, namespace }: Head): string {
  // cdk8s gives the namespace of its chart to every object, also to those that belong to the whole cluster.
  const where = namespace === undefined || isClusterWide(kind) ? '' : ` in namespace '${namespace}'`;
  return `${kind} '${name}'${where}`;
}

interface Head {
  readonly name: unknown;
  readonly namespace?: unknown;
}

function asMade({ name, metadata: { namespace } }: ApiObject): Head {
  return { name, namespace };
}

/** With JSON patches. Costs as much as writing the object does. */
function asWritten(object: ApiObject): Head {
  try {
    return object.toJson().metadata ?? {};
  } catch {
    // What cannot be serialized is for cdk8s to report, after all that other validations have to say.
    return asMade(object);
  }
}
