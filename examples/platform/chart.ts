/*
 * The platform under the examples: Istio itself, and for a look at its traffic Prometheus and Kiali.
 *
 * The charts are fetched from where Istio publishes them, or taken from the folder in ISTIO_CHARTS.
 */
import { type App, Chart } from 'cdk8s';
import { AccessLog, IstioCharts, IstioPlatform, Kiali, Prometheus } from 'cdk8s-versioned-mesh';

const RELEASE = '1.31.0';

export function platform(app: App): IstioPlatform {
  const { ISTIO_CHARTS: folder } = process.env;
  const istio = new IstioPlatform(app, 'istio', {
    charts: folder === undefined ? IstioCharts.oci(RELEASE) : IstioCharts.directory(folder),
    hub: 'registry.istio.io/release',
    tag: RELEASE,
    accessLog: AccessLog.TEXT,
    // Bookinfo's Gateway, as in Istio's sample, has its server on 8080.
    gateway: { ports: [{ port: 80 }, { port: 443 }, { port: 8080, name: 'http-bookinfo' }] },
  });

  const look = new Chart(app, 'look');
  look.addDependency(istio);
  const prometheus = new Prometheus(look, 'prometheus');
  new Kiali(look, 'kiali', { prometheusUrl: prometheus.url });
  return istio;
}
