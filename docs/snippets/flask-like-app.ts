import { Duration } from 'cdk8s';
import { EnvValue, ServiceType } from 'cdk8s-plus-27';
import { Drain, FlaskLikeApp, HealthCheck, RunAs } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function frontend(scope: Construct): FlaskLikeApp {
  const app = new FlaskLikeApp(scope, 'frontend', {
    image: 'ghcr.io/acme/frontend:3.1.0',
    env: { GREETING: EnvValue.fromValue('Bonjour') },
    autoscaling: { minReplicas: 2, maxReplicas: 10 },
    readiness: HealthCheck.http('/healthz'),
    writablePaths: ['/tmp', '/var/cache/frontend'],
    runAs: RunAs.user(10001),
    drain: Drain.sleepCommand(Duration.seconds(10)),
  });
  app.expose({ port: 80, serviceType: ServiceType.LOAD_BALANCER });
  return app;
}
