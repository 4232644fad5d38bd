import { Testing } from 'cdk8s';
import { Mesh } from 'cdk8s-versioned-mesh';
import { rollout } from './rollout';

const states = rollout(Testing.app()).map((chart) => Mesh.fromChart(chart));
const url = 'http://apis.example.com/';

test('the share of v2 grows', () => {
  expect(states.map((state) => state.route({ url }).versions.v2 ?? 0)).toEqual([0, 0, 0, 5, 50, 100, 100, 100]);
});

test('no state has a mistake, and no step leads to pods that are not there yet or no longer', () => {
  for (const [index, state] of states.entries()) {
    expect(state.check({ previous: states[index - 1] }).map(({ message }) => message)).toEqual([]);
  }
});

test('a step that skips a state is found', () => {
  const skipping = (from: number, to: number) => states[to].check({ previous: states[from] }).map(({ check }) => check);
  expect(skipping(0, 3)).toContain('requests-before-pods');
  expect(skipping(5, 7)).toContain('removed-while-routed');
});
