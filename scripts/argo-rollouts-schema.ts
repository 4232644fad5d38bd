/*
 * Writes test/schemas/argo-rollouts.json: the schema of a Rollout, by the CustomResourceDefinition of Argo Rollouts. Facts only, and
 * strict, as of the kinds of Kubernetes; the template of the pods is Kubernetes' own.
 *
 *   npm run schemas
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { goModuleFolder } from './go-module';
import { factsOf, mapValues, type Schema, type Schemas, strict } from './schema';

const VERSION = '1.9.2';
const MODULE = 'github.com/argoproj/argo-rollouts';
const CRD = 'manifests/crds/rollout-crd.yaml';
const FILE = resolve(__dirname, '../test/schemas/argo-rollouts.json');

const POD_TEMPLATE = { $ref: 'kubernetes#/$defs/io.k8s.api.core.v1.PodTemplateSpec' };

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function main(): void {
  const { spec } = parse(readFileSync(join(goModuleFolder(MODULE, `v${VERSION}`), CRD), 'utf8')) as Crd;
  const [{ name, schema }] = spec.versions;
  const published = (schema.openAPIV3Schema.properties as Schemas).spec;
  const fields = mapValues(published.properties as Schemas, (field) => strict(factsOf(field)));
  const lines = Object.entries({ ...fields, template: POD_TEMPLATE })
    .map(([field, facts]) => `  ${JSON.stringify(field)}: ${JSON.stringify(facts)}`)
    .join(',\n');
  const kind = JSON.stringify(`${spec.group}/${name} ${spec.names.kind}`);
  writeFileSync(FILE, `{\n"argoRollouts": "${VERSION}",\n"kind": ${kind},\n"spec": {\n${lines}\n}\n}\n`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
