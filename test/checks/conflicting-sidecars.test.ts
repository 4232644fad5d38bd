import { Severity } from '../../src/checks/finding';
import { conflictingSidecars } from '../../src/checks/workload/conflicting-sidecars';
import { describeCheck, type Expected } from './cases';
import { deployment, manifest } from './manifests';

const sidecar = (name: string, labels?: object, year?: number) =>
  manifest(
    'networking.istio.io/v1',
    'Sidecar',
    name,
    { ...(labels && { workloadSelector: { labels } }), egress: [{ hosts: ['./*'] }] },
    year === undefined ? {} : { creationTimestamp: `${year}-01-01T00:00:00Z` },
  );
const GATEWAY_PODS = deployment(
  'gateway',
  { app: 'edge', tier: 'web' },
  { containers: [{ name: 'istio-proxy', image: 'auto' }] },
);
/** What is found where another Sidecar, of unknown age, selects all pods of `b-narrow` and more. */
const NARROW = (wide: string): Expected => ({
  severity: Severity.WARNING,
  name: 'b-narrow',
  path: 'spec.workloadSelector',
  istioCodes: ['IST0110'],
  words: [`Sidecar ${wide} selects all pods`, 'depends on which of the two is older', 'The manifests do not say which'],
});

describeCheck(conflictingSidecars, {
  silent: {
    'one for the namespace, and one for some pods': [sidecar('all'), sidecar('some', { app: 'apis' })],
    'in two namespaces': [sidecar('all'), sidecar('other/all')],
    'different pods': [
      sidecar('a', { app: 'a' }),
      sidecar('b', { app: 'b' }),
      deployment('a', { app: 'a', tier: 'web' }),
      deployment('b', { app: 'b', tier: 'web' }),
    ],
    'no pod has the labels of both': [sidecar('a', { app: 'a' }), sidecar('b', { tier: 'web' }), deployment('a')],
    'only a gateway has the labels of both': [
      sidecar('a', { app: 'edge' }),
      sidecar('b', { tier: 'web' }),
      GATEWAY_PODS,
    ],
    'an empty selector in the root namespace, where the one without is for all other namespaces': [
      sidecar('istio-system/all', undefined, 2024),
      sidecar('istio-system/own', {}, 2025),
    ],
    'an empty selector in another namespace': [sidecar('all'), sidecar('other/empty', {})],
    'the younger one takes more': [sidecar('a', { app: 'a', tier: 'web' }, 2024), sidecar('b', { app: 'a' }, 2025)],
  },
  found: {
    'two without selector': [
      [sidecar('b', undefined, 2024), sidecar('a', undefined, 2025), sidecar('c', undefined, 2026)],
      {
        severity: Severity.ERROR,
        name: 'a',
        istioCodes: ['IST0111'],
        kialiCodes: ['KIA0002'],
        words: ['the older one, here Sidecar shop/b', 'has no effect on any pod'],
      },
      { name: 'c', words: ['Sidecar shop/b'] },
    ],
    'two without selector, of unknown age': [
      [sidecar('a'), sidecar('b')],
      { name: 'b', words: ['the manifests do not say which'] },
    ],
    'the same selector': [
      [sidecar('a', { app: 'a' }), sidecar('b', { app: 'a' })],
      { severity: Severity.ERROR, name: 'b', istioCodes: ['IST0110'], words: ['and the other has no effect'] },
    ],
    'one selector inside the other, of unknown age, the wider one first by name': [
      [sidecar('a-wide', { app: 'a' }), sidecar('b-narrow', { app: 'a', tier: 'web' })],
      NARROW('shop/a-wide'),
    ],
    'one selector inside the other, of unknown age, the narrower one first by name': [
      [sidecar('c-wide', { app: 'a' }), sidecar('b-narrow', { app: 'a', tier: 'web' })],
      NARROW('shop/c-wide'),
    ],
    'one selector inside the other, of which one age is known': [
      [sidecar('c-wide', { app: 'a' }, 2024), sidecar('b-narrow', { app: 'a', tier: 'web' })],
      NARROW('shop/c-wide'),
    ],
    'one selector inside the other, of unknown age, with pods: one finding for both': [
      [
        sidecar('c-wide', { app: 'a' }),
        sidecar('b-narrow', { app: 'a', tier: 'web' }),
        deployment('a', { app: 'a', tier: 'web' }),
      ],
      NARROW('shop/c-wide'),
    ],
    'an empty selector around another, of unknown age': [
      [sidecar('empty', {}), sidecar('b-narrow', { app: 'a' })],
      NARROW('shop/empty'),
    ],
    'an empty selector, which goes before an older one without selector': [
      [sidecar('all', undefined, 2020), sidecar('empty', {}, 2024)],
      {
        severity: Severity.ERROR,
        name: 'all',
        path: 'spec',
        words: ['Sidecar shop/empty has an empty workloadSelector', 'whatever their age', 'no effect on any pod'],
      },
    ],
    'an empty selector, of unknown age, before two without selector': [
      [sidecar('a'), sidecar('b'), sidecar('empty', {})],
      { severity: Severity.ERROR, name: 'a', words: ['Sidecar shop/empty'] },
      { severity: Severity.ERROR, name: 'b', words: ['Sidecar shop/empty'] },
    ],
    'two empty selectors': [
      [sidecar('a', {}), sidecar('b', {})],
      { severity: Severity.ERROR, name: 'b', words: ['and the other has no effect'] },
    ],
    'in the root namespace, two without selector beside an empty one': [
      [sidecar('istio-system/a'), sidecar('istio-system/b'), sidecar('istio-system/empty', {})],
      { severity: Severity.ERROR, name: 'b', words: ['Sidecar istio-system/a has no workloadSelector either'] },
    ],
    'the older one takes more': [
      [sidecar('a', { app: 'a' }, 2024), sidecar('b', { app: 'a', tier: 'web' }, 2025)],
      { severity: Severity.ERROR, name: 'b', words: ['here Sidecar shop/a, and the other has no effect'] },
    ],
    'pods with the labels of both': [
      [
        sidecar('a', { app: 'a' }, 2025),
        sidecar('b', { tier: 'web' }, 2024),
        deployment('a', { app: 'a', tier: 'web' }),
      ],
      {
        severity: Severity.WARNING,
        name: 'a',
        kialiCodes: ['KIA0003'],
        words: ['Sidecar shop/b selects the pods of Deployment shop/a too', 'here Sidecar shop/b'],
      },
    ],
  },
});
