/*
 * Paths on the command line become a mesh. '-' is standard input.
 */

import { DEFAULT_MAX_BYTES, decode } from '../manifests/files';
import { MeshInputError } from '../manifests/input-error';
import { leftOutSentence } from '../manifests/left-out';
import { nameOf } from '../manifests/object';
import { placeholderInIdentity } from '../manifests/placeholder';
import { readManifests } from '../manifests/read-manifests';
import { type ReadManifests, readText } from '../manifests/text';
import { sentenceAbout } from '../manifests/unreadable';
import { Mesh, type MeshOptions } from '../mesh';
import { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import { printable } from '../syntax/printable';
import { quoted } from '../syntax/wording';
import type { Arguments, Flag } from './arguments';
import { type Io, UsageError } from './io';
import { inNamespaces, type Namespaces, readNamespaces } from './namespaces';

const STDIN = '-';
/** What messages and findings call standard input. */
export const STDIN_NAME = 'standard input';

/** Of the files that could not be read, as many are named on standard error. */
const MOST_NAMED = 20;

/** What manifests need not say of the cluster they are for, and how they are read. */
export const MESH_FLAGS: readonly Flag[] = [
  {
    name: 'namespace',
    short: 'n',
    value: 'NAME[=PATH]',
    help: "namespace of objects that name none, or of those below PATH; may be repeated ('default')",
  },
  { name: 'root-namespace', value: 'NAME', help: "Istio's root namespace (by MeshConfig, or 'istio-system')" },
  { name: 'cluster-domain', value: 'DOMAIN', help: "the cluster's DNS domain ('cluster.local')" },
  { name: 'exclude', value: 'GLOB', help: 'files and folders to leave out, as in .gitignore; may be repeated' },
  { name: 'values', value: 'FILE', help: 'values for the Helm charts in the folders; may be repeated' },
  { name: 'set', value: 'KEY=VALUE', help: 'one value for these charts; may be repeated' },
  { name: 'no-build', help: 'run no program: leave out Helm charts, and what only Kustomize can build' },
];

/** This only changes where requests go, so `check` does not know it. */
export const OUTBOUND_FLAG: Flag = {
  name: 'registry-only',
  help: 'sidecars block hosts that the mesh does not know (REGISTRY_ONLY), whatever MeshConfig says',
};

/** A VirtualService may be bound to a Gateway that somebody else applies. */
export const ASSUME_FLAG: Flag = {
  name: 'assume-gateway',
  help: 'assume that missing Gateways exist, with HTTP on port 80 and HTTPS on 443',
};

/** A mesh, and what its paths lead to that is not in it. */
export interface MeshInput {
  readonly mesh: Mesh;
  /** What was passed over on purpose, and what was not built: a line each. */
  readonly notes: readonly string[];
}

/**
 * The mesh of all that the paths name. What programs said that were started for that goes to standard error. Throws where there is
 * nothing in it: an empty pipe must not pass for a clean mesh.
 */
export async function readMesh(paths: readonly string[], args: Arguments, io: Io): Promise<MeshInput> {
  if (paths.length === 0) {
    throw new UsageError("No manifests are given; name files or folders, or '-' for standard input");
  }
  if (paths.includes('')) {
    throw new UsageError('A path is empty, perhaps because a variable is not set; name files or folders');
  }
  const namespaces = readNamespaces(args.texts('namespace'));
  const text = paths.includes(STDIN) ? await readStandardInput(io.input) : NOTHING;
  const reading = readManifests(
    paths.filter((path) => path !== STDIN),
    { exclude: args.texts('exclude'), build: args.has('no-build') ? undefined : valuesIn(args, namespaces) },
  );
  for (const words of reading.said) {
    io.err(`${printable(words)}\n`);
  }
  const read = {
    manifests: [...inNamespaces(reading.manifests, namespaces), ...text.manifests],
    unreadable: [...reading.unreadable, ...text.unreadable],
  };
  const options = { ...meshOptions(args), defaultNamespace: namespaces.otherwise, skipUnreadable: true };
  const mesh = Mesh._fromRead(read, options);
  const passedOver = leftOutSentence(reading.leftOut);
  const notes = [...(passedOver === '' ? [] : [passedOver]), ...reading.notes];
  if (mesh._model.objects.length === 0) {
    const names = paths.map((path) => (path === STDIN ? STDIN_NAME : path)).join(', ');
    throw new MeshInputError(`There are no Kubernetes objects in ${names}, so nothing can be said about them`, [
      ...namedUnreadable(read),
      ...notes,
    ]);
  }
  return { mesh, notes };
}

/** The same for commands that have no findings to show: what could not be read is told on standard error. */
export async function readMeshAloud(paths: readonly string[], args: Arguments, io: Io): Promise<Mesh> {
  const { mesh, notes } = await readMesh(paths, args, io);
  const lines = [...namedUnreadable(mesh._model), ...notes, ...notePlaceholders(mesh)];
  for (const line of lines) {
    io.err(`${printable(line)}\n`);
  }
  return mesh;
}

const NOTHING: ReadManifests = { manifests: [], unreadable: [] };

/** An answer takes a placeholder as it is written, which is not what will stand there. */
function notePlaceholders(mesh: Mesh): readonly string[] {
  const found = mesh._model.objects.find((object) => placeholderInIdentity(object) !== undefined);
  return found === undefined
    ? []
    : [
        `Not certain: ${nameOf(found)} has the placeholder ${quoted(placeholderInIdentity(found) ?? '')}, and the answer takes it as it is written; render or fill it in first.`,
      ];
}

function namedUnreadable({ unreadable }: Pick<ReadManifests, 'unreadable'>): readonly string[] {
  const more = unreadable.length - MOST_NAMED;
  return [
    ...unreadable.slice(0, MOST_NAMED).map((one) => `Not read: ${sentenceAbout(one)}.`),
    ...(more > 0 ? [`Not read: ${more} more; check names them all.`] : []),
  ];
}

function valuesIn(args: Arguments, namespaces: Namespaces): NonNullable<Parameters<typeof readManifests>[1]>['build'] {
  return { files: args.texts('values'), set: args.texts('set'), namespace: namespaces.otherwise };
}

function meshOptions(args: Arguments): MeshOptions {
  return {
    rootNamespace: args.text('root-namespace'),
    clusterDomain: args.text('cluster-domain'),
    assumeGateways: args.has(ASSUME_FLAG.name),
    outboundTrafficPolicy: args.has(OUTBOUND_FLAG.name) ? OutboundTrafficPolicy.REGISTRY_ONLY : undefined,
  };
}

async function readStandardInput(input: Io['input']): Promise<ReadManifests> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > DEFAULT_MAX_BYTES) {
      throw new MeshInputError(
        `${STDIN_NAME} has more than ${DEFAULT_MAX_BYTES} bytes, and no more are read; select fewer objects`,
      );
    }
    chunks.push(bytes);
  }
  try {
    return readText(decode(Buffer.concat(chunks)), STDIN_NAME);
  } catch (error) {
    throw error instanceof MeshInputError ? new MeshInputError(`${STDIN_NAME} ${error.message}`) : error;
  }
}
