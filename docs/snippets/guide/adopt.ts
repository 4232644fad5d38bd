import { Chart } from 'cdk8s';
import { VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

/** What runs already: Deployment `apis` (selector `app: apis`, container `web`), its PDB, HPA and account. */
export class AdoptingChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });
    const apis = new VersionedService(this, 'apis');
    apis.addVersion('v1', {
      image: 'ghcr.io/acme/apis:1.4.0',
      name: 'apis',
      selector: { app: 'apis' },
      containerName: 'web',
      autoscaling: { name: 'apis-hpa', minReplicas: 2, maxReplicas: 10 },
      podDisruptionBudget: { name: 'apis-pdb' },
      serviceAccountName: 'apis-runner',
    });
  }
}
