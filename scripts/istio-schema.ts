/*
 * Writes imports/istio.schema.ts: the spec of each kind in imports/istio.crds.yaml as a schema that loads in no time, for
 * finding unknown and mistyped fields.
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

/** The text of imports/istio.schema.ts. */
export function schemaModule(crdsYaml: string): string {
  const entries = parseAllDocuments(crdsYaml).map((document) => {
    const { spec } = document.toJS() as Crd;
    const { properties } = spec.versions[0].schema.openAPIV3Schema;
    const schema = strict((properties as Schemas).spec);
    return `  '${spec.group}/${spec.names.kind}': ${JSON.stringify(schema)},`;
  });
  return [
    '/*',
    " * The specs of Istio's kinds. Do not edit: scripts/istio-schema.ts makes this file from istio.crds.yaml.",
    ' */',
    'export const ISTIO_SPECS: { readonly [groupAndKind: string]: object } = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}

if (require.main === module) {
  writeFileSync(join(IMPORTS, 'istio.schema.ts'), schemaModule(readFileSync(join(IMPORTS, 'istio.crds.yaml'), 'utf8')));
}
