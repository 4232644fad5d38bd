import { Chart } from 'cdk8s';
import { Kiali, KialiLogin, Prometheus } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class LookChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const prometheus = new Prometheus(this, 'prometheus');
    new Kiali(this, 'kiali', {
      prometheusUrl: prometheus.url,
      login: KialiLogin.token({ secretName: 'kiali-signing-key' }),
    });
  }
}
