/*
 * Istio in a cluster of the run: what this library's platform writes, applied as its pages say, with istiod as the pod that its own
 * Deployment asks for.
 */
import { App, Chart, Duration } from 'cdk8s';
import { IstioCharts, IstioPlatform, type IstioPlatformProps, Prometheus } from 'cdk8s-versioned-mesh';
import { components } from '../components';
import type { ApiServer } from './api-server';
import type { Node } from './node';

export const APPLY = ['apply', '--server-side', '-f', '-'];

export type PlatformOptions = Omit<IstioPlatformProps, 'charts'>;

/** The file that it writes, of the charts in Istio's sources, which name no release. */
export function platformYaml(options: PlatformOptions = {}): string {
  const { helm, charts } = components('helm', 'charts');
  const app = new App();
  new IstioPlatform(app, 'istio', {
    charts: IstioCharts.directory(charts),
    ...{ helm, hub: 'registry.istio.io/release', tag: '1.31.0' },
    ...options,
  });
  return app.synthYaml();
}

/** A Prometheus, which asks often, so that nobody waits. */
export function prometheusYaml(): string {
  const app = new App();
  new Prometheus(new Chart(app, 'look'), 'prometheus', { scrapeInterval: Duration.seconds(1) });
  return app.synthYaml();
}

/** Applies the platform, and waits until istiod is there. */
export async function installPlatform({ kubectl }: ApiServer, node: Node, yaml: string): Promise<void> {
  await kubectl.output([...APPLY], yaml);
  await node.settle('istio-system');
  await kubectl.output([
    ...['wait', '--for=condition=Available', '--timeout=5m'],
    ...['--namespace', 'istio-system', 'deployment', '--selector', 'app=istiod'],
  ]);
}
