/*
 * A version on its way out: all that reaches it stays, and says so to checks.
 */
import { type ExistingVersionOptions, VersionedBy, VersionedService, type VersionOptions } from 'cdk8s-versioned-mesh';
import { refusalOf } from '../../support/refusal';
import { type Manifest, manifestsOf, newChart, only, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

const { SUBSETS, SERVICES } = VersionedBy;
const ANNOTATION = 'cdk8s-versioned-mesh/retired-versions';

test.each([SUBSETS, SERVICES])('keeps its pods, and its subset or Service, by %s', (versionedBy) => {
  const [retired, running] = [true, false].map((value) => manifests(versionedBy, { retired: value }));
  expectValid(retired);
  expect(titles(retired)).toEqual(titles(running));
  expect(retired.map(({ spec }) => spec)).toEqual(running.map(({ spec }) => spec));
});

test('is noted at the DestinationRule by its subset, beside others that are retired', () => {
  expect(only(manifests(SUBSETS, { retired: true }), 'DestinationRule').metadata.annotations).toEqual({
    [ANNOTATION]: '1-0,v2',
  });
});

test('is noted at its own Service, by Services', () => {
  const made = manifests(SERVICES, { retired: true });
  expect(only(made, 'Service', 'apis-1-0').metadata.annotations).toEqual({ [ANNOTATION]: '1-0' });
  expect(only(made, 'Service', 'apis-v2').metadata.annotations).toMatchObject({ [ANNOTATION]: 'v2' });
  expect(only(made, 'Service', 'apis').metadata.annotations).toBeUndefined();
});

test('is not noted where none is', () => {
  for (const { metadata } of [...manifests(SUBSETS, {}), ...manifests(SERVICES, { retired: false })]) {
    expect(Object.keys(metadata.annotations ?? {})).not.toContain(ANNOTATION);
  }
});

test('says so by its handle', () => {
  const apis = new VersionedService(newChart(), 'apis');
  expect(apis.addVersion('v1', { image: 'apis:1', retired: true }).retired).toBe(true);
  expect(apis.addVersion('v2', { image: 'apis:2' }).retired).toBe(false);
  expect(apis.addExistingVersion('v3', { retired: true }).retired).toBe(true);
  expect(refusalOf(() => apis.addVersion('v4', { image: 'apis:4', retired: 'no' as never }))).toContain("retired 'no'");
});

/** Versions 1.0 and v2, which is somebody else's, with these options. */
function manifests(
  versionedBy: VersionedBy,
  options: Pick<VersionOptions & ExistingVersionOptions, 'retired'>,
): Manifest[] {
  return manifestsOf((chart) => {
    const apis = new VersionedService(chart, 'apis', { versionedBy });
    apis.addVersion('1.0', { image: 'apis:1', ...options });
    apis.addExistingVersion('v2', options);
    apis.addExistingVersion('v3');
  });
}
