import { conflictingSidecars } from '../../src/checks/conflicting-sidecars';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
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
      { name: 'b', words: ['older one, which is not known'] },
    ],
    'the same selector': [
      [sidecar('a', { app: 'a' }), sidecar('b', { app: 'a' })],
      { severity: Severity.ERROR, name: 'b', istioCodes: ['IST0110'], words: ['and the other has no effect'] },
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
