import { NOT_OBSERVABLE, PREDICTIONS, REFUSALS } from '../../conformance/checks/predictions';
import { ALL_CHECKS } from '../../src/checks/all-checks';

test('of each check it is written down what it predicts, or why nothing can be seen of it', () => {
  const accounted = [...Object.keys(PREDICTIONS), ...REFUSALS, ...Object.keys(NOT_OBSERVABLE)];
  expect(accounted.sort()).toEqual(ALL_CHECKS.map(({ id }) => id).sort());
});
