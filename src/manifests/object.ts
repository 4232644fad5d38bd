/*
 * What every manifest has: kind, name, namespace, labels, and where it came from.
 */
import { isClusterWide } from '../syntax/cluster-wide';
import { Node, type ReadProblem, type StringMap } from './node';
import { type Steps, stepsOf } from './path';

/** What the text says of the parts of an object. */
export interface SourceParts {
  /** The line of a part, or of the nearest thing around it. */
  readonly lineAt: (steps: Steps) => number | undefined;
  /** A text or number as it is written, without quotes. */
  readonly textAt: (steps: Steps) => string | undefined;
}

/** Where a manifest was read. */
export interface ObjectSource {
  /** The file, or the name that the caller gave to the text; absent for objects made in memory. */
  readonly file?: string;
  /** Of what names no namespace there, where another than everywhere else is meant. */
  readonly namespace?: string;
  /** What is certainly applied in one go with it: the folder that somebody named, or the one that was built. */
  readonly appliedWith?: string;
  /** Position among the documents of the file, or among the objects given, from 0. */
  readonly document: number;
  /** Line of the file on which the document begins, from 1; absent for objects made in memory. */
  readonly line?: number;
  /** Absent for objects made in memory. */
  readonly parts?: SourceParts;
  /** The way to each key that stands more than once in its map; of all of them the last one counts. */
  readonly duplicates?: readonly Steps[];
}

/** The line of what stands at `path` in the object, from 1; undefined for objects made in memory. */
export function lineOf({ source: { line, parts } }: MeshObject, path: string = ''): number | undefined {
  return parts?.lineAt(stepsOf(path)) ?? line;
}

/** How the text or number at `path` is written, without quotes; undefined for objects made in memory. */
export function writtenAt({ source: { parts } }: MeshObject, path: string): string | undefined {
  return parts?.textAt(stepsOf(path));
}

/** One manifest, of whatever kind. The typed views (Service, Gateway, …) refer to it. */
export interface MeshObject {
  readonly apiVersion: string;
  /** The part of apiVersion before '/'; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** The namespace it lives in, the default filled in; empty for kinds that belong to the whole cluster. */
  readonly namespace: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** `metadata.creationTimestamp` in milliseconds since 1970, when the manifest was read from a cluster. */
  readonly created?: number;
  readonly source: ObjectSource;
  /** The manifest as it was given. May be hostile: read it through `node`. */
  readonly raw: unknown;
  /** The manifest for reading, at path ''. */
  readonly node: Node;
  /** What could not be understood when the model was made of it. Nobody who looks at the object later adds to it. */
  readonly problems: readonly ReadProblem[];
}

/** An object of the manifests. */
export interface ObjectReference {
  /** Its kind, as in `VirtualService`. */
  readonly kind: string;
  /** Its namespace; empty for objects of the whole cluster. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** Where in the manifests something stands. */
export interface Place extends ObjectReference {
  /** Where in the object; absent for the object as a whole. */
  readonly path?: string;
  /** Absent for objects made in memory, as is the line. */
  readonly file?: string;
  readonly line?: number;
}

export function placeIn(object: MeshObject, path: string = ''): Place {
  return { ...referenceTo(object), path: path || undefined, file: object.source.file, line: lineOf(object, path) };
}

export function referenceTo({ kind, namespace, name }: ObjectReference): ObjectReference {
  return { kind, namespace, name };
}

/** `apis/ingress`. */
export function refOf({ namespace, name }: ObjectReference): string {
  return `${namespace}/${name}`;
}

/** `Gateway apis/ingress`, as objects are called in messages. */
export function nameOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Reads the head of a manifest; undefined when it is no Kubernetes object at all (no kind, or not a map). */
export function readObject(raw: unknown, source: ObjectSource, defaultNamespace: string): MeshObject | undefined {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    return undefined;
  }
  const problems: ReadProblem[] = [];
  const node = Node.root(raw, problems);
  const kind = node.get('kind').text();
  if (kind === undefined) {
    return undefined;
  }
  const apiVersion = node.get('apiVersion').string() ?? '';
  const metadata = node.get('metadata');
  const name = metadata.get('name').text() ?? metadata.get('generateName').text();
  if (name === undefined) {
    metadata.get('name').problem('is missing; every object needs a name');
  }
  const created = Date.parse(metadata.get('creationTimestamp').string() ?? '');
  return {
    apiVersion,
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    name: name ?? '',
    namespace: isClusterWide(kind) ? '' : (metadata.get('namespace').text() ?? source.namespace ?? defaultNamespace),
    labels: metadata.get('labels').stringMap(),
    annotations: metadata.get('annotations').stringMap(),
    created: Number.isNaN(created) ? undefined : created,
    source,
    raw,
    node,
    problems,
  };
}

/** Istio's order between objects of one kind: the older first, then by name, then by namespace (`sortByCreationComparator`). */
export function inIstioOrder(a: MeshObject, b: MeshObject): number {
  const byAge = (a.created ?? 0) - (b.created ?? 0);
  return byAge || compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
