/*
 * A chain of services in a mesh with security, and what each caller is to get from each service.
 */
import type { Chart } from 'cdk8s';
import { Caller, HeaderRoutedMesh, MeshSecurity, VersionedService } from 'cdk8s-versioned-mesh';
import type { Client } from './policies';

/** shop, which calls reviews, which calls ratings; each under the account that is made for it. Only shop is reached at the gateway. */
export function securedShop(chart: Chart): HeaderRoutedMesh {
  const [shop, reviews, ratings] = ['shop', 'reviews', 'ratings'].map((id) => new VersionedService(chart, id));
  const [first, second, third] = [shop, reviews, ratings].map((service) =>
    service.addVersion('v1', { image: `${service.name}:1` }),
  );
  const mesh = new HeaderRoutedMesh(chart, 'front', {
    hosts: ['shop.example.com'],
    service: shop,
    defaultVersion: first,
    security: MeshSecurity.strict({ callers: [Caller.serviceAccount('monitoring', 'prometheus')] }),
  });
  mesh.addService(reviews, { defaultVersion: second, callers: [shop] });
  mesh.addService(ratings, { defaultVersion: third, callers: [reviews, Caller.namespace('batch')] });
  return mesh;
}

const GATEWAY: Client = inMesh('istio-system', 'istio-ingressgateway-service-account', { istio: 'ingressgateway' });
const SHOP = inMesh('shop', 'shop-v1', { app: 'shop', version: 'v1' });

/** Who asks, and the services in whose app the request arrives; at all others it gets `else`. */
export const SECURED_SHOP: readonly SecurityCase[] = [
  { who: 'the gateway', client: GATEWAY, reaches: ['shop'], else: '403' },
  { who: 'shop', client: SHOP, reaches: ['reviews'], else: '403' },
  { who: 'reviews', client: inMesh('shop', 'reviews-v1', { app: 'reviews' }), reaches: ['ratings'], else: '403' },
  { who: 'ratings', client: inMesh('shop', 'ratings-v1', { app: 'ratings' }), reaches: [], else: '403' },
  {
    who: 'Prometheus',
    client: inMesh('monitoring', 'prometheus', { app: 'prometheus' }),
    reaches: ['shop', 'reviews', 'ratings'],
    else: '403',
  },
  { who: 'its neighbour', client: inMesh('monitoring', 'default', { app: 'grafana' }), reaches: [], else: '403' },
  { who: 'a pod of batch', client: inMesh('batch', 'nightly', { job: 'nightly' }), reaches: ['ratings'], else: '403' },
  { who: 'a stranger', client: inMesh('elsewhere', 'shop-v1', { app: 'shop' }), reaches: [], else: '403' },
  {
    who: 'shop of another trust domain',
    client: { ...SHOP, trustDomain: 'example.org' },
    reaches: [],
    else: '403',
  },
  { who: 'shop without sidecar', client: { ...SHOP, isInMesh: false }, reaches: [], else: 'reset' },
];

export interface SecurityCase {
  readonly who: string;
  readonly client: Client;
  readonly reaches: readonly string[];
  readonly else: '403' | 'reset';
}

function inMesh(namespace: string, account: string, labels: Client['labels']): Client {
  return { namespace, account, labels, isInMesh: true };
}
