/*
 * The configurations of the recorded meshes, held against what a real istiod said to their proxies, recorded by
 * `npm run conformance:config -- --record`.
 */
import { compareTranslated, differencesIn, isSeen } from '../../conformance/config/istiod-process';
import { CONFIG_PLANTS } from '../../conformance/config/plants';
import { readRecorded } from '../../conformance/config/recorded';

const RECORDED = readRecorded();

describe.each(RECORDED)('$name', ({ translated }) => {
  test.each(translated.map((each, index) => [index, each] as const))('mesh %i', (_, each) => {
    const differences = differencesIn(compareTranslated(each));
    expect(differences.map(({ istiod, library, path }) => ({ path, istiod, library }))).toEqual([]);
  });
});

/** Of each recording, enough to have something for each fault. */
const SOME = RECORDED.flatMap(({ translated }) => translated.slice(0, 30));

/** None of the recorded meshes has a CORS policy; runs with a real istiod have. */
const RECORDED_PLANTS = Object.entries(CONFIG_PLANTS).filter(([name]) => name !== 'forgotten-cors');

test.each(RECORDED_PLANTS)('a configuration with a fault is found out: %s', (_, plant) => {
  expect(isSeen(plant, SOME)).toBe(true);
});
