/*
 * A file, or a document in one, that could not be read, so that no other check knows what is in it.
 */
import { sentenceAbout } from '../../manifests/unreadable';
import type { Check } from '../check';
import { Severity } from '../finding';
import { fileObject } from '../shared/file-object';

export const unreadableFile: Check = {
  id: 'unreadable-file',
  title: 'A file that cannot be read',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const one of mesh.unreadable) {
      report({
        object: fileObject({ file: one.file, line: one.line, document: 0 }),
        path: '',
        message: `${sentenceAbout(one)}. The checks do not know what it defines, and no other check ran on it.`,
        help: 'Correct it. If it is a template, render it first; if it is not for a cluster, leave it out with --exclude.',
      });
    }
  },
};
