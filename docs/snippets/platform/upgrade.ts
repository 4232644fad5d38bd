import type { App } from 'cdk8s';
import { type IstioCharts, Istiod, IstioPlatform } from 'cdk8s-versioned-mesh';

/** The kinds are of the newer release: the older istiod understands them. */
export function upgrade(app: App, older: IstioCharts, newer: IstioCharts): void {
  const istio = new IstioPlatform(app, 'istio', {
    charts: newer,
    revision: '1-32',
    defaultRevision: '1-31',
    cni: true,
  });
  new Istiod(istio, 'older', { charts: older, revision: '1-31', revisionTags: ['default'], cni: true });
}
