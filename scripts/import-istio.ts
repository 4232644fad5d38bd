/*
 * Writes imports/: the published CustomResourceDefinitions of Istio, pruned to what this library writes, and the types
 * that `cdk8s import` makes of them; those of the other kinds, which it only checks; and the facts of istio-facts.ts.
 *
 *   npm run import                                         all, of the release in src/istio/release.ts
 *   tsx scripts/import-istio.ts --from-pruned FOLDER       only the types, from the pruned schema in the repository
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { ISTIO_RELEASE } from '../src/istio/release';
import { goModuleFolder, pinnedVersions } from './go-module';
import { writeFacts } from './istio-facts';
import { factsOf, type Schema, type Schemas } from './schema';

const MODULE = 'istio.io/api';
const PUBLISHED = 'kubernetes/customresourcedefinitions.gen.yaml';

const WRITTEN = ['Gateway', 'VirtualService', 'DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy'];
/** The newest first. Of a kind that has several, all have one schema. */
const VERSIONS = ['v1', 'v1beta1', 'v1alpha3', 'v1alpha1'];

const IMPORTS = resolve(__dirname, '../imports');
const CONFORMANCE = resolve(__dirname, '../conformance/xds/go.mod');
const PRUNED = join(IMPORTS, 'istio.crds.yaml');
const OTHERS = join(IMPORTS, 'istio-others.crds.yaml');

/** As much of a CustomResourceDefinition as is kept. */
interface Crd {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly scope: string;
    readonly versions: readonly CrdVersion[];
  };
}

interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: Schema };
}

function main(args: readonly string[]): void {
  if (args.length === 0) {
    checkPins();
    const module = goModuleFolder(MODULE, `v${ISTIO_RELEASE}`);
    const published = crdsIn(module);
    const crds = published.map(prune);
    writeFileSync(PRUNED, asText(crds.filter(isWritten)));
    writeFileSync(OTHERS, asText(crds.filter((crd) => !isWritten(crd))));
    writeFacts(
      module,
      published.map(({ spec }) => spec),
      VERSIONS,
    );
    importTypes(IMPORTS);
  } else if (args.length === 2 && args[0] === '--from-pruned') {
    importTypes(resolve(args[1]));
  } else {
    throw new Error(`import-istio takes no arguments, or '--from-pruned FOLDER'; it was given '${args.join(' ')}'.`);
  }
}

/** Conformance holds everything against the release that it pins, so that must be this one. */
function checkPins(): void {
  for (const [module, version] of pinnedVersions(CONFORMANCE)) {
    if (['istio.io/api', 'istio.io/client-go'].includes(module) && version !== `v${ISTIO_RELEASE}`) {
      throw new Error(
        `conformance/xds/go.mod pins ${module} ${version}, and src/istio/release.ts says ${ISTIO_RELEASE}. Nothing was changed; write one release in both.`,
      );
    }
  }
}

function crdsIn(module: string): Crd[] {
  const file = join(module, PUBLISHED);
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => (document.toJS() as Crd | null) ?? []);
}

function isWritten(crd: Crd): boolean {
  return WRITTEN.includes(crd.spec.names.kind);
}

function prune({ apiVersion, kind, metadata, spec }: Crd): Crd {
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    spec: {
      group: spec.group,
      names: { kind: spec.names.kind, plural: spec.names.plural },
      scope: spec.scope,
      versions: [pruneVersion(newest(spec.versions))],
    },
  };
}

function newest(versions: readonly CrdVersion[]): CrdVersion {
  const names = VERSIONS.filter((version) => versions.some(({ name }) => name === version));
  const found = versions.find(({ name }) => name === names[0]);
  if (found === undefined) {
    throw new Error(`A kind has none of the versions ${VERSIONS.join(', ')}. Say in import-istio.ts which is newest.`);
  }
  return found;
}

function pruneVersion({ name, served, storage, schema }: CrdVersion): CrdVersion {
  // Istio writes the status, never an author; `cdk8s import` makes no types of it either.
  const { status: _, ...properties } = schema.openAPIV3Schema.properties as Schemas;
  return { name, served, storage, schema: { openAPIV3Schema: factsOf({ ...schema.openAPIV3Schema, properties }) } };
}

function asText(crds: readonly Crd[]): string {
  const header = [
    `# The schemas of ${crds.length} kinds of Istio ${ISTIO_RELEASE}. Do not edit: 'npm run import' writes this file.`,
    `# Made by scripts/import-istio.ts from ${PUBLISHED}`,
    `# of the Go module ${MODULE} v${ISTIO_RELEASE} (Apache-2.0), without prose, status, CEL rules and the other kinds and versions.`,
    '',
  ].join('\n');
  return header + crds.map((crd) => stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

function importTypes(folder: string): void {
  const cdk8s = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin/cdk8s');
  // Neither look for a newer cdk8s-cli nor note the import in cdk8s.yaml.
  const quiet = ['--check-upgrade=false', '--save=false'];
  const run = spawnSync(
    process.execPath,
    [cdk8s, 'import', PRUNED, '--language', 'typescript', '--output', folder, ...quiet],
    { encoding: 'utf8' },
  );
  if (run.status !== 0) {
    throw new Error(`cdk8s import failed:\n${run.stdout}${run.stderr}`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
