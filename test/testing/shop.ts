import { Chart, Testing } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';

/** Two versions behind one host: beta testers get v2. */
export function shopChart(): Chart {
  const chart = new Chart(Testing.app(), 'shop', { namespace: 'shop' });
  const shop = new VersionedService(chart, 'shop', { port: 80 });
  const v1 = shop.addVersion('v1', { image: 'ghcr.io/acme/shop:1' });
  const v2 = shop.addVersion('v2', { image: 'ghcr.io/acme/shop:2' });
  const mesh = new HeaderRoutedMesh(chart, 'ingress', {
    hosts: ['shop.example.com'],
    service: shop,
    defaultVersion: v1,
  });
  mesh.route(v2, HeaderMatch.exact('x-version', 'beta'));
  return chart;
}

/** Manifests that route by `http`, the YAML of a VirtualService's rules, with one app in versions v1 and v2 behind it. */
export function shopYaml(http: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ingress, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress]
  http: ${http}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shop, namespace: shop }
spec:
  host: shop
  subsets: [{ name: one, labels: { version: v1 } }, { name: two, labels: { version: v2 } }]
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: 8000 }] }
${['v1', 'v2'].map(deploymentYaml).join('')}`;
}

function deploymentYaml(version: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop-${version}, namespace: shop }
spec:
  replicas: ${version === 'v1' ? 3 : 1}
  selector: { matchLabels: { app: shop, version: ${version} } }
  template:
    metadata: { labels: { app: shop, version: ${version} } }
    spec: { containers: [{ name: main, image: 'ghcr.io/acme/shop:${version}', ports: [{ containerPort: 8000 }] }] }
`;
}
