import { App, Chart } from 'cdk8s';
import {
  HeaderRoutedMesh,
  IngressGateway,
  IstioCharts,
  IstioPlatform,
  MeshNamespace,
  PodSecurityLevel,
} from 'cdk8s-versioned-mesh';
import { versioned } from '../guide/versioned';

export function shop(app: App, charts: IstioCharts): void {
  const istio = new IstioPlatform(app, 'istio', { charts, cni: true, istiod: { minReplicas: 2 } });

  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new MeshNamespace(chart, 'shop', { podSecurity: PodSecurityLevel.RESTRICTED });

  // Selector and account of the gateway's pods come from the platform.
  const gateway = new IngressGateway(chart, 'public', { pods: istio.gateway });
  gateway.addServer(['shop.example.com'], { tls: { credentialName: 'shop-cert' } });

  const web = versioned(chart, 'web');
  new HeaderRoutedMesh(chart, 'routes', {
    gateway,
    hosts: ['shop.example.com'],
    service: web,
    defaultVersion: web.version('v1'),
  });
}

if (require.main === module) {
  const app = new App();
  shop(app, IstioCharts.oci('1.31.0'));
  app.synth();
}
