/*
 * A null in an object of Istio's, where what is left without it says something else. The API server takes nulls out of what it decodes,
 * before it validates (`PruneNonNullableNullsWithoutDefaults`); from `kubectl apply --server-side` it does not, and refuses the object.
 */
import { nameOf } from '../../manifests/object';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { schemaComplaints } from '../shared/schema-complaints';

export const nullValue: Check = {
  id: 'null-value',
  title: 'A null that vanishes with what it stands for',
  severity: Severity.WARNING,
  istio: ['IST0106'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const [object, complaints] of schemaComplaints(mesh)) {
      if (!object.group.endsWith('.istio.io')) {
        continue;
      }
      for (const { path } of complaints.filter(({ kind }) => kind === 'null')) {
        const { message, help } = wordsFor(path);
        report({
          object,
          path,
          message: `In ${nameOf(object)}, ${path} is null. The API server takes it out, ${message}. Where it is applied by --server-side, the API server refuses the object instead.`,
          help,
        });
      }
    }
  },
};

const CONDITION = /\.match\[\d+\]\.(?:\w+|(?:headers|withoutHeaders|queryParams)(?:\.[^.]+|\[.*\]))$/;
const FORM = /\.(exact|prefix|regex)$/;

function wordsFor(path: string): Pick<Observation, 'message' | 'help'> {
  if (FORM.test(path)) {
    return {
      message: 'and {} is left, which any value fulfils',
      help: "Write what the value is compared with, in quotes; for any value, write '{}'.",
    };
  }
  return CONDITION.test(path)
    ? {
        message: 'and the match asks nothing of it: requests that it was meant to leave out match, too',
        help: "Write '{}' to ask only that it is there, or what it is compared with, as in '{exact: a}'. If nothing is to be asked, remove the entry.",
      }
    : { message: 'as if the entry were not there', help: "Write a value, be it '', or remove the entry." };
}
