/*
 * A faulty simulator is found out: with each fault that can be planted, recorded decisions of Envoy contradict it.
 */
import { complaint, predict } from '../../conformance/compare';
import { modelOf } from '../../conformance/differences';
import { PLANTS } from '../../conformance/plant';
import { readRecordings } from '../../conformance/vectors';

/** Shares show only in many repetitions, which are not recorded. */
const INVISIBLE = new Set(['equal-weights']);

test.each(Object.entries(PLANTS).filter(([name]) => !INVISIBLE.has(name)))('%s', (_, plant) => {
  const isFound = readRecordings().some(({ recording }) =>
    recording.vectors.some(({ mesh, decisions }) => {
      const model = modelOf(mesh, plant);
      return decisions.some(({ ask, seen }) => complaint(predict(model, mesh, ask), ask, seen) !== undefined);
    }),
  );
  expect(isFound).toBe(true);
});
