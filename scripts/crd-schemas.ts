/*
 * Writes test/schemas/ for kinds of others than Kubernetes and Istio: a file for each, by its CustomResourceDefinition. Facts only,
 * and strict, as of the kinds of Kubernetes.
 *
 *   npm run schemas
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { goModuleFolder } from './go-module';
import { factsOf, mapValues, type Schema, type Schemas, strict } from './schema';

const FOLDER = resolve(__dirname, '../test/schemas');

interface Source {
  /** By what name complaints have it. */
  readonly project: string;
  readonly module: string;
  readonly version: string;
  /** The file within the module. */
  readonly crd: string;
  /** The fields of `spec` that are kept, where they are not all. */
  readonly fields?: readonly string[];
  /** Fields of `spec` that are defined elsewhere. */
  readonly known?: Schemas;
}

const SOURCES: { readonly [file: string]: Source } = {
  'argo-rollouts': {
    project: 'Argo Rollouts',
    module: 'github.com/argoproj/argo-rollouts',
    version: '1.9.2',
    crd: 'manifests/crds/rollout-crd.yaml',
    known: { template: { $ref: 'kubernetes#/$defs/io.k8s.api.core.v1.PodTemplateSpec' } },
  },
  'argo-cd-application': {
    project: 'Argo CD',
    module: 'github.com/argoproj/argo-cd/v3',
    version: '3.5.7',
    crd: 'manifests/crds/application-crd.yaml',
    fields: ['destination', 'project', 'source', 'syncPolicy'],
  },
  'flux-helm-release': {
    project: "Flux' helm-controller",
    module: 'github.com/fluxcd/helm-controller',
    version: '1.6.3',
    crd: 'config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml',
  },
  'flux-helm-repository': sourceController('helmrepositories'),
  'flux-oci-repository': sourceController('ocirepositories'),
};

function sourceController(kind: string): Source {
  return {
    project: "Flux' source-controller",
    module: 'github.com/fluxcd/source-controller',
    version: '1.9.6',
    crd: `config/crd/bases/source.toolkit.fluxcd.io_${kind}.yaml`,
  };
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function main(): void {
  for (const [file, source] of Object.entries(SOURCES)) {
    writeFileSync(join(FOLDER, `${file}.json`), schemaOf(source));
  }
}

function schemaOf({ project, module, version, crd, fields, known = {} }: Source): string {
  const { spec } = parse(readFileSync(join(goModuleFolder(module, `v${version}`), crd), 'utf8')) as Crd;
  const [{ name, schema }] = spec.versions;
  const published = (schema.openAPIV3Schema.properties as Schemas).spec.properties as Schemas;
  const kept = Object.entries(published).filter(([field]) => fields?.includes(field) ?? true);
  const facts = mapValues(Object.fromEntries(kept), (field) => strict(factsOf(field)));
  const lines = Object.entries({ ...facts, ...known })
    .map(([field, fact]) => `  ${JSON.stringify(field)}: ${JSON.stringify(fact)}`)
    .join(',\n');
  const authority = JSON.stringify(`${project} ${version}`);
  const kind = JSON.stringify(`${spec.group}/${name} ${spec.names.kind}`);
  return `{\n"authority": ${authority},\n"kind": ${kind},\n"spec": {\n${lines}\n}\n}\n`;
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
