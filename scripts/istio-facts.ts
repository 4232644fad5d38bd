/*
 * Writes imports/istio.facts.ts: Istio's annotations, labels, kinds and the fields of MeshConfig, by name. From the Go module istio.io/api, of which only names,
 * kinds and statuses are taken.
 *
 *   npm run import
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { isIstioKey } from '../src/istio/keys';
import { ISTIO_RELEASE } from '../src/istio/release';

const FACTS = resolve(__dirname, '../imports/istio.facts.ts');

interface Key {
  readonly name: string;
  readonly deprecated: boolean;
  readonly resources: readonly string[];
}

/** Of a CustomResourceDefinition, what says which kind it is. */
export interface Kind {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** @param module the folder of istio.io/api */
export function writeFacts(module: string, kinds: readonly Kind[], newestFirst: readonly string[]): void {
  const read = (file: string, list: string): readonly Key[] => parse(readFileSync(join(module, file), 'utf8'))[list];
  const annotations = read('annotation/annotations.yaml', 'annotations').filter(({ name }) => isIstioKey(name));
  const labels = read('label/labels.yaml', 'labels').filter(({ name }) => isIstioKey(name));
  const groups = [...new Set(kinds.map(({ group }) => group))];
  const lines = [
    '/*',
    ` * Istio ${ISTIO_RELEASE}: annotations, labels, kinds and the fields of MeshConfig. Do not edit: scripts/istio-facts.ts makes`,
    ' * this file from the Go module istio.io/api (Apache-2.0).',
    ' */',
    '',
    "/** By name: the kinds on which each acts ('Pod' is a pod template too), and whether it is deprecated. */",
    'export const ISTIO_ANNOTATIONS: { readonly [name: string]: { readonly on: readonly string[]; readonly deprecated?: true } } = {',
    ...annotations.map(({ name, deprecated, resources }) => {
      const fact = { on: resources, ...(deprecated ? { deprecated } : {}) };
      return `  ${JSON.stringify(name)}: ${JSON.stringify(fact)},`;
    }),
    '};',
    '',
    'export const ISTIO_LABELS: readonly string[] = [',
    ...labels.map(({ name }) => `  ${JSON.stringify(name)},`),
    '];',
    '',
    '/** By group and kind: the versions that are served, the newest first. */',
    'export const ISTIO_KINDS: { readonly [group: string]: { readonly [kind: string]: readonly string[] } } = {',
    ...groups.flatMap((group) => [
      `  ${JSON.stringify(group)}: {`,
      ...kinds
        .filter((kind) => kind.group === group)
        .map(({ names, versions }) => `    ${names.kind}: ${JSON.stringify(served(versions, newestFirst))},`),
      '  },',
    ]),
    '};',
    '',
    'export const MESH_CONFIG: readonly string[] = [',
    ...meshConfigFields(module).map((name) => `  ${JSON.stringify(name)},`),
    '];',
    '',
  ];
  writeFileSync(FACTS, lines.join('\n'));
}

/** As they are called in JSON, those too that no page documents. */
function meshConfigFields(module: string): readonly string[] {
  const code = readFileSync(join(module, 'mesh/v1alpha1/config.pb.go'), 'utf8');
  const [, struct] = /^type MeshConfig struct \{\n(.*?)^\}/ms.exec(code) ?? [];
  const tags = [...(struct ?? '').matchAll(/protobuf:"[^"]*?name=(\w+)(?:,json=(\w+))?/g)];
  if (tags.length === 0) {
    throw new Error('istio.io/api has no fields of MeshConfig where istio-facts.ts looks for them.');
  }
  return tags.map(([, name, json = name]) => json).sort();
}

function served(versions: Kind['versions'], newestFirst: readonly string[]): readonly string[] {
  return newestFirst.filter((version) => versions.some(({ name, served }) => served && name === version));
}
