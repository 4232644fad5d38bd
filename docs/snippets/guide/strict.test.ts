import { Testing } from 'cdk8s';
import { StrictChart } from './strict';

const manifests = Testing.synth(new StrictChart(Testing.app(), 'shop'));
const policy = (kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name).spec;

test('the shop lets in the gateway and Prometheus', () => {
  expect(policy('AuthorizationPolicy', 'shop').rules[0].from[0].source.principals).toEqual([
    'cluster.local/ns/istio-ingress/sa/istio-ingress',
    'cluster.local/ns/monitoring/sa/prometheus',
  ]);
});

test('the reviews let in both versions of the shop and Prometheus, not the gateway', () => {
  expect(policy('AuthorizationPolicy', 'reviews').rules[0].from[0].source.principals).toEqual([
    'cluster.local/ns/monitoring/sa/prometheus',
    'cluster.local/ns/shop/sa/shop-v1',
    'cluster.local/ns/shop/sa/shop-v2',
  ]);
});

test.each(['shop', 'reviews'])('all pods of %s take mutual TLS only', (name) => {
  expect(policy('PeerAuthentication', name)).toEqual({
    selector: { matchLabels: { app: name } },
    mtls: { mode: 'STRICT' },
  });
});

test.each(['shop', 'reviews'])('the policies of %s are applied before its Service and its pods', (name) => {
  const titles = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const policies = ['AuthorizationPolicy', 'PeerAuthentication', 'NetworkPolicy'].map((kind) => `${kind} ${name}`);
  expect(titles.slice(titles.indexOf(policies[0])).slice(0, 4)).toEqual([...policies, `Service ${name}`]);
  expect(titles.indexOf(`Service ${name}`)).toBeLessThan(titles.indexOf(`Deployment ${name}-v1`));
});
