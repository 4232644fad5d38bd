/*
 * hello: one web app, from a process to the mesh.
 *
 * The image exists only on the node of a local cluster (`docker build`, then `minikube image load` or `kind load`), so it is
 * never pulled. See README.md beside this file.
 */
import { Chart } from 'cdk8s';
import { ImagePullPolicy, ServiceType } from 'cdk8s-plus-27';
import { HeaderRoutedMesh, HealthCheck, MeshNamespace, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class HelloChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'hello' });
    new MeshNamespace(this, 'hello');

    const hello = new VersionedService(this, 'hello-python', {
      name: 'hello-python-service',
      app: 'hello-python',
      port: 5000,
      targetPort: 5000,
      serviceType: ServiceType.LOAD_BALANCER,
    });
    const v1 = hello.addVersion('v1', {
      name: 'hello-python',
      image: 'hello-python:latest',
      imagePullPolicy: ImagePullPolicy.NEVER,
      replicas: 4,
      port: 5000,
      readiness: HealthCheck.http('/healthz'),
    });

    new HeaderRoutedMesh(this, 'hello-ingress', {
      hosts: ['hello.example.com'],
      service: hello,
      defaultVersion: v1,
    });
  }
}
