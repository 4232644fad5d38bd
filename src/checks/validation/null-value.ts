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
  title: 'A null that the API server removes',
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
          message: `In ${nameOf(object)}, ${path} is null. The API server removes it, ${message}. With 'kubectl apply --server-side', the API server refuses the object instead.`,
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
      message: 'and {} is left, which matches any value',
      help: "Write the value to compare with, in quotes. To accept any value, write '{}'.",
    };
  }
  return CONDITION.test(path)
    ? {
        message: 'so the match lacks this condition, and also matches requests that it should exclude',
        help: "Write '{}' to accept any value, or a condition, as in '{exact: a}'. If you need no condition, remove the entry.",
      }
    : { message: 'as if the entry were not there', help: "Write a value, which may be '', or remove the entry." };
}
