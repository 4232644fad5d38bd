/*
 * A document that is not an object, in a file with objects: a list, a text, or a map without a kind. kubectl refuses it.
 */
import type { Check } from '../check';
import { Severity } from '../finding';
import { fileObject } from '../shared/file-object';

export const refusedDocument: Check = {
  id: 'refused-document',
  title: 'A document that is not a Kubernetes object',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { raw, source } of mesh.ignored) {
      if (raw !== null && raw !== undefined) {
        report({ object: fileObject(source), path: '', ...wordsFor(raw) });
      }
    }
  },
};

function wordsFor(raw: unknown): { readonly message: string; readonly help: string } {
  if (Array.isArray(raw)) {
    return {
      message:
        'This document is a list, which kubectl refuses: nothing in it is applied, and nothing in it was checked.',
      help: "Write each item as a document of its own, with '---' between them, or all as the items of a 'kind: List'.",
    };
  }
  if (typeof raw === 'object') {
    const keys = Object.keys(raw as object);
    return {
      message: `This document has no kind${keys.length === 0 ? '' : ` (it begins with '${keys[0].slice(0, 40)}')`}, so kubectl refuses it, and it was not checked.`,
      help: "Write its apiVersion and kind. If it belongs to the document above, take out the '---' between them.",
    };
  }
  return {
    message: `This document is ${JSON.stringify(String(raw).slice(0, 40))}, not an object, so kubectl refuses it.`,
    help: "Take it out, or put a '#' in front if it is a comment.",
  };
}
