/*
 * Which folder of src may import which, and that no files import each other in a circle.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const SRC = resolve(__dirname, '../src');

/** On the read side, each imports only what stands above it. What stands in one line knows nothing of each other. */
const READ_SIDE: readonly (readonly string[])[] = [
  ['syntax'],
  ['manifests'],
  ['istio'],
  ['model'],
  ['predicate'],
  ['proxy'],
  ['envoy'],
  ['checks'],
  ['mesh.ts'],
  ['cases', 'validation'],
  ['testing', 'cli'],
];

/** The one joint, where synthesis has manifests checked. */
const JOINT = 'constructs/traffic/checks-at-synth.ts';

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** The files of src that a file imports, also where it only needs a type of theirs or loads them later. */
const IMPORTS = new Map(FILES.map((file) => [file, importedBy(file)]));

function importedBy(file: string): readonly string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from|import\(|require\()\s*'(\.[^']+)'/g)]
    .map(([, path]) => `${relative(SRC, resolve(SRC, file, '..', path))}.ts`)
    .filter((path) => FILES.includes(path));
}

/** Of a file, its folder; of one at the top, itself. */
function folderOf(file: string): string {
  return file.split('/')[0];
}

function imports(isWrong: (from: string, to: string) => boolean): readonly string[] {
  return [...IMPORTS].flatMap(([from, all]) => all.filter((to) => isWrong(from, to)).map((to) => `${from} → ${to}`));
}

test('the read side imports only what stands above', () => {
  const rank = new Map(READ_SIDE.flatMap((line, index) => line.map((folder) => [folder, index] as const)));
  const isBackwards = (from: string, to: string) => {
    const [a, b] = [folderOf(from), folderOf(to)];
    const [own, other] = [rank.get(a), rank.get(b)];
    return own !== undefined && (other === undefined || other > own || (other === own && a !== b));
  };
  expect(imports(isBackwards)).toEqual([]);
});

test('the write side imports only itself and syntax/, but for the one joint', () => {
  const isStranger = (from: string, to: string) =>
    folderOf(from) === 'constructs' && !['constructs', 'syntax'].includes(folderOf(to));
  const strangers = imports(isStranger).map((arrow) => arrow.split(' ')[0]);
  expect(FILES.filter((file) => folderOf(file) === 'constructs').length).toBeGreaterThan(50);
  expect([...new Set(strangers)]).toEqual([JOINT]);
});

test('every folder of src is in one of the lists', () => {
  const known = [...READ_SIDE.flat(), 'constructs', 'index.ts'];
  expect([...new Set(FILES.map(folderOf))].filter((folder) => !known.includes(folder))).toEqual([]);
});

/** A service names its versions, and a version its service, which is the public API; what both use names them too. */
const SERVICE_AND_VERSIONS = [
  'existing-version.ts',
  'service-objects.ts',
  'service-version.ts',
  'sidecar.ts',
  'tls-to-sidecar.ts',
  'version-labels.ts',
  'versioned-service.ts',
].map((name) => `constructs/workload/${name}`);

test('no files import each other in a circle', () => {
  const isKnown = (circle: readonly string[]) => circle.every((file) => SERVICE_AND_VERSIONS.includes(file));
  expect(circles().filter((circle) => !isKnown(circle))).toEqual([]);
});

/** Groups of files each of which leads to all others (Tarjan's strongly connected components). */
function circles(): readonly (readonly string[])[] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    open.push(file);
    for (const next of IMPORTS.get(file) ?? []) {
      if (!order.has(next)) {
        visit(next);
      }
      if (open.includes(next)) {
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(file) === order.get(file)) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) {
        found.push(circle.sort());
      }
    }
  };
  for (const file of FILES) {
    if (!order.has(file)) {
      visit(file);
    }
  }
  return found;
}
