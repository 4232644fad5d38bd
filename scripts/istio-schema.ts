/*
 * Writes imports/istio.schema.ts: the spec of each kind in imports/*.crds.yaml as a schema that loads in no time, for finding
 * unknown and mistyped fields.
 *
 *   tsx scripts/istio-schema.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Schema, type Schemas, strict } from './schema';

const IMPORTS = resolve(__dirname, '../imports');

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

const FILES = ['istio.crds.yaml', 'istio-others.crds.yaml'];

/** The text of imports/istio.schema.ts. */
export function schemaModule(): string {
  const crds = FILES.flatMap((file) => parseAllDocuments(readFileSync(join(IMPORTS, file), 'utf8')));
  const entries = crds.map((document) => {
    const { spec } = document.toJS() as Crd;
    const { properties } = spec.versions[0].schema.openAPIV3Schema;
    const schema = strict((properties as Schemas).spec);
    return `  '${spec.group}/${spec.names.kind}': ${JSON.stringify(schema)},`;
  });
  return [
    '/*',
    " * The specs of Istio's kinds. Do not edit: scripts/istio-schema.ts makes this file from *.crds.yaml.",
    ' */',
    'export const ISTIO_SPECS: { readonly [groupAndKind: string]: object } = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}

if (require.main === module) {
  writeFileSync(join(IMPORTS, 'istio.schema.ts'), schemaModule());
}
