/*
 * A key that stands twice in one map. kubectl takes the last one and says nothing; other tools refuse the file.
 */
import { nameOf } from '../../manifests/object';
import { childPath, type Steps } from '../../manifests/path';
import type { Check } from '../check';
import { Severity } from '../finding';

export const duplicateKey: Check = {
  id: 'duplicate-key',
  title: 'A key that is written twice',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const object of mesh.objects) {
      for (const path of new Set(object.source.duplicates?.map(pathOf))) {
        report({
          object,
          path,
          message: `${nameOf(object)} has ${path} twice in one map. kubectl takes the last one and silently drops the others.`,
          help: 'Keep one of them; if both are meant, write the content of both under it.',
        });
      }
    }
  },
};

function pathOf(steps: Steps): string {
  return steps.reduce((path: string, step) => childPath(path, step), '');
}
