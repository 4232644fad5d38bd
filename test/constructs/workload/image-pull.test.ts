/*
 * When an image is pulled: a tag that moves every time, one that stays only where it is missing.
 */
import { ImagePullPolicy } from 'cdk8s-plus-27';
import { FlaskLikeApp } from 'cdk8s-versioned-mesh';
import { containerIn, manifestsOf } from '../../support/synth';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  'apis',
  'apis:latest',
  'acme/apis',
  'ghcr.io/acme/apis',
  'ghcr.io/acme/apis:latest',
  'localhost:5000/apis',
  'registry.example.com:5000/acme/apis',
  'registry.example.com:5000/acme/apis:latest',
])('%s moves, and is pulled always', (image) => {
  expect(pullPolicyOf(image)).toBe('Always');
});

test.each([
  'apis:1.4.0',
  'apis:v1',
  'apis:not-latest',
  'apis:latest-alpine',
  'latest:1',
  'ghcr.io/acme/apis:1.4.0',
  'localhost:5000/apis:1.4.0',
  `apis@${DIGEST}`,
  `apis:latest@${DIGEST}`,
  `registry.example.com:5000/acme/apis@${DIGEST}`,
])('%s stays, and is pulled only where it is missing', (image) => {
  expect(pullPolicyOf(image)).toBe('IfNotPresent');
});

test.each(['apis', 'apis:1.4.0'])('a policy that was set is kept for %s', (image) => {
  expect(pullPolicyOf(image, ImagePullPolicy.NEVER)).toBe('Never');
});

function pullPolicyOf(image: string, imagePullPolicy?: ImagePullPolicy): string | undefined {
  const manifests = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image, imagePullPolicy }));
  return containerIn(manifests).imagePullPolicy;
}
