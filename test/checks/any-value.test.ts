/*
 * Nothing that stands anywhere in a manifest makes the read side throw: each place of a whole mesh, with each value that does not
 * belong there. A hundred at once, since there are many; those of a run that threw are then tried one by one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mesh } from '../../src/mesh';
import { RequestError } from '../../src/proxy/request-error';
import { HOSTILE_VALUES, type Path, pathsIn, replaced } from '../support/any-values';
import { fromYaml } from './manifests';

const AT_ONCE = 100;

interface Change {
  readonly object: number;
  readonly path: Path;
  readonly value: string;
}

const MESH = fromYaml(readFileSync(join(__dirname, '../support/whole-mesh.yaml'), 'utf8'));
const REQUESTS = [
  { url: 'http://shop.example.com/a/x', headers: { 'x-user': 'a', 'x-other': 'b', 'user-agent': 'Mozilla' } },
  { url: 'http://shop.example.com/delegated/a' },
  { url: 'https://shop.example.com/old' },
  { url: 'http://apis/b/x', from: 'mesh:shop/apis-v1' },
  { url: 'http://db.example.org/', from: 'mesh:shop/web' },
];

/** In an order that is always the same and mixes places and values. */
function everyChange(): readonly Change[] {
  const places = MESH.flatMap((manifest, object) => pathsIn(manifest).map((path) => ({ object, path })));
  const changes = places.flatMap((place) => [...HOSTILE_VALUES.keys()].map((value) => ({ ...place, value })));
  return changes.map((_, index) => changes[(index * 7919) % changes.length]);
}

function meshWith(changes: readonly Change[]): unknown[] {
  const mesh: unknown[] = [...MESH];
  for (const { object, path, value } of changes) {
    if (reaches(mesh[object], path)) {
      mesh[object] = replaced(mesh[object], path, HOSTILE_VALUES.get(value));
    }
  }
  return mesh;
}

/** Whether another change has left the place there. */
function reaches(value: unknown, [key, ...rest]: Path): boolean {
  return (
    key === undefined ||
    (value !== null &&
      typeof value === 'object' &&
      Object.hasOwn(value, key) &&
      reaches((value as { [key: string]: unknown })[key], rest))
  );
}

/** What is thrown; a request may make no sense any more, as one from a workload whose name has changed. */
function thrownBy(changes: readonly Change[]): string | undefined {
  try {
    const mesh = Mesh.fromManifests(meshWith(changes));
    mesh.check();
    for (const request of REQUESTS) {
      try {
        mesh.route(request).explain();
      } catch (error) {
        if (!(error instanceof RequestError)) {
          throw error;
        }
      }
    }
    return undefined;
  } catch (error) {
    const { message, stack = '' } = error as Error;
    return `${message} ${/\bsrc\/\S+/.exec(stack)?.[0] ?? stack}`;
  }
}

function described({ object, path, value }: Change): string {
  return `${String(MESH[object].kind)} ${path.join('.')} = ${value}`;
}

test('the mesh is one that Istio accepts', () => {
  const wrong = Mesh.fromManifests(MESH)
    .check()
    .filter(({ severity }) => severity === 'error');
  expect(wrong.map(({ check, path, message }) => `${check} ${path} ${message}`)).toEqual([]);
});

test('no value anywhere makes check or route throw', () => {
  const changes = everyChange();
  expect(new Set(changes).size).toBe(changes.length);
  const failures: string[] = [];
  for (let index = 0; index < changes.length; index += AT_ONCE) {
    const some = changes.slice(index, index + AT_ONCE);
    const thrown = thrownBy(some);
    if (thrown !== undefined) {
      const alone = some.flatMap((change) => thrownBy([change])?.replace(/^/, `${described(change)}: `) ?? []);
      failures.push(...(alone.length > 0 ? alone : [`${some.map(described).join(', ')}: ${thrown}`]));
    }
  }
  expect(failures).toEqual([]);
}, 60_000);
