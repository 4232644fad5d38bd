/*
 * Folders as people have them, and what must and must not be said of them. What is certain of files that nobody applies as they lie
 * is little; what is said beyond that is a false alarm.
 */
import { join } from 'node:path';
import { type Finding, Severity } from '../../src/checks/finding';
import { findProgram } from '../../src/manifests/builds/program';
import { readManifests } from '../../src/manifests/read-manifests';
import { Mesh } from '../../src/mesh';
import { fortyFolders } from './forty-folders';

interface Row {
  readonly folder: string;
  /** Check and object of each finding that must be there, infos aside; there may be no others. */
  readonly said: readonly string[];
  /** The programs of which one must be there to see more. */
  readonly built?: { readonly by: readonly string[]; readonly said: readonly string[] };
}

const TABLE: readonly Row[] = [
  {
    folder: 'overlays',
    said: ['error subset-not-found overlays/overlays/prod/routes.yaml:10', 'warning duplicate-object'],
  },
  { folder: 'steps', said: ['warning duplicate-object'] },
  { folder: 'clusters', said: ['warning duplicate-object'] },
  { folder: 'variants', said: ['warning duplicate-object', 'warning mesh-host-conflict'] },
  { folder: 'one-folder', said: ['error duplicate-object one-folder/all.yaml:8'] },
  { folder: 'patches', said: [], built: { by: ['kustomize', 'kubectl'], said: [] } },
  { folder: 'chart', said: [], built: { by: ['helm'], said: [] } },
  { folder: 'templates', said: ['warning unreadable-file'] },
  { folder: 'workflows', said: ['error mistyped-field workflows/service.yaml:4'] },
];

for (const { folder, said, built } of TABLE) {
  const path = join(__dirname, folder);
  test(`${folder}: ${said.join(', ') || 'nothing'}`, () => {
    expect(wordsFor(Mesh.fromFiles([path], { skipUnreadable: true }).check())).toEqual(said);
  });

  if (built !== undefined) {
    const isThere = built.by.some((name) => findProgram(name) !== undefined);
    (isThere ? test : test.skip)(`${folder}, built by ${built.by.join(' or ')}, where that is there`, () => {
      const reading = readManifests([path], { build: {} });
      expect(reading).toMatchObject({ notes: [], unreadable: [] });
      expect(reading.manifests).toHaveLength(1);
      expect(wordsFor(Mesh._fromRead(reading, { skipUnreadable: true }).check())).toEqual(built.said);
    });
  }
}

describe('forty folders', () => {
  const { mesh, errors, objects } = fortyFolders();

  test('each true error is told, and no other', () => {
    const told = mesh.check().filter(({ severity }) => severity === Severity.ERROR);
    expect(told.map(({ check, file }) => `${check} ${file}`).sort()).toEqual([...errors].sort());
    expect(mesh.check().filter(({ check }) => check === 'duplicate-object')).toHaveLength(1);
    expect(objects).toBeGreaterThan(200);
  });

  test('the same files give the same findings', () => {
    expect(fortyFolders().mesh.check()).toEqual(mesh.check());
  });
});

/** An error with its place; of a warning, that there is one. */
function wordsFor(findings: readonly Finding[]): readonly string[] {
  const words = findings
    .filter(({ severity }) => severity !== Severity.INFO)
    .map(({ severity, check, file = '', line }) => {
      const place = `${file.slice(__dirname.length + 1)}:${line}`;
      return severity === Severity.ERROR ? `error ${check} ${place}` : `warning ${check}`;
    });
  return [...new Set(words)];
}
