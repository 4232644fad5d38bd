import type { App } from 'cdk8s';
import { IstioCharts, Istiod, IstioPlatform } from 'cdk8s-versioned-mesh';

export function upgrade(app: App): void {
  // The kinds are of the newer release; the older istiod understands them.
  const next = IstioCharts.directory('charts/1.32.0');
  const istio = new IstioPlatform(app, 'istio', { charts: next, revision: '1-32', defaultRevision: '1-31' });
  new Istiod(istio, 'previous', {
    charts: IstioCharts.directory('charts/1.31.0'),
    revision: '1-31',
    revisionTags: ['default'],
  });
}
