/*
 * Paths on the command line become a mesh. '-' is standard input.
 */

import { DEFAULT_MAX_BYTES, readFiles } from '../manifests/files';
import { MeshInputError } from '../manifests/input-error';
import { readWholeText } from '../manifests/text';
import { Mesh, type MeshOptions } from '../mesh';
import { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import type { Arguments, Flag } from './arguments';
import { type Io, UsageError } from './io';

const STDIN = '-';
/** What messages and findings call standard input. */
export const STDIN_NAME = 'standard input';

/** What manifests do not say of the cluster they are for. */
export const MESH_FLAGS: readonly Flag[] = [
  { name: 'namespace', short: 'n', value: 'NAME', help: "namespace of objects that name none ('default')" },
  { name: 'root-namespace', value: 'NAME', help: "Istio's root namespace ('istio-system')" },
  { name: 'cluster-domain', value: 'DOMAIN', help: "the cluster's DNS domain ('cluster.local')" },
];

/** This only changes where requests go, so `check` does not know it. */
export const OUTBOUND_FLAG: Flag = {
  name: 'registry-only',
  help: 'sidecars block hosts that the mesh does not know (outboundTrafficPolicy REGISTRY_ONLY)',
};

/** The mesh of all that the paths name. Throws where there is nothing in it: an empty pipe must not pass for a clean mesh. */
export async function readMesh(paths: readonly string[], args: Arguments, io: Io): Promise<Mesh> {
  if (paths.length === 0) {
    throw new UsageError("No manifests are given; name files or folders, or '-' for standard input");
  }
  if (paths.includes('')) {
    throw new UsageError('An empty path is given, as a variable leaves behind that is not set; name files or folders');
  }
  const mesh = await meshOf(paths, meshOptions(args), io);
  if (mesh._model.objects.length === 0) {
    const names = paths.map((path) => (path === STDIN ? STDIN_NAME : path)).join(', ');
    throw new MeshInputError(`There are no Kubernetes objects in ${names}, so nothing can be said about them`);
  }
  return mesh;
}

async function meshOf(paths: readonly string[], options: MeshOptions, io: Io): Promise<Mesh> {
  const files = paths.filter((path) => path !== STDIN);
  if (files.length === paths.length) {
    return Mesh.fromFiles(files, options);
  }
  const text = await readText(io.input);
  if (files.length === 0) {
    return Mesh.fromYaml(text, STDIN_NAME, options);
  }
  return Mesh._fromRaw([...readFiles(files), ...readWholeText(text, STDIN_NAME)], options);
}

function meshOptions(args: Arguments): MeshOptions {
  return {
    defaultNamespace: args.text('namespace'),
    rootNamespace: args.text('root-namespace'),
    clusterDomain: args.text('cluster-domain'),
    outboundTrafficPolicy: args.has(OUTBOUND_FLAG.name) ? OutboundTrafficPolicy.REGISTRY_ONLY : undefined,
  };
}

async function readText(input: Io['input']): Promise<string> {
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
  const all = Buffer.concat(chunks);
  if (all.includes(0)) {
    throw new MeshInputError(`${STDIN_NAME} is binary, not a manifest`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(all);
  } catch {
    throw new MeshInputError(`${STDIN_NAME} is not text in UTF-8, so it cannot be a manifest`);
  }
}
