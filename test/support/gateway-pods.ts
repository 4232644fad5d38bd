/*
 * Pods of a gateway, as the chart `gateway` of Istio has them, without that chart.
 */
import { ApiObject } from 'cdk8s';
import type { IGatewayPods } from 'cdk8s-versioned-mesh';
import { Construct } from 'constructs';

/** Called `edge`, in the namespace `edge`. */
export class GatewayPods extends Construct implements IGatewayPods {
  public readonly selector = { app: 'edge', istio: 'edge' };
  public readonly serviceAccount = 'edge/edge';

  constructor(scope: Construct, id: string, ports: readonly number[] = [80, 443]) {
    super(scope, id);
    const metadata = { name: 'edge', namespace: 'edge' };
    const labels = { ...this.selector, 'sidecar.istio.io/inject': 'true' };
    new ApiObject(this, 'Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: this.selector },
        template: {
          metadata: { labels, annotations: { 'inject.istio.io/templates': 'gateway' } },
          spec: { serviceAccountName: 'edge', containers: [{ name: 'istio-proxy', image: 'auto' }] },
        },
      },
    });
    new ApiObject(this, 'Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: this.selector, ports: ports.map((port) => ({ name: `http-${port}`, port })) },
    });
  }
}
