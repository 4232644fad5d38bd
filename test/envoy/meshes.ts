/*
 * Small meshes for the tests of routing, in the words of somebody who writes YAML.
 */
import { Mesh, type MeshOptions } from '../../src/mesh';

/** A mesh of YAML documents. */
export function mesh(...documents: string[]): Mesh {
  return meshWith({}, ...documents);
}

export function meshWith(options: MeshOptions, ...documents: string[]): Mesh {
  return Mesh.fromYaml(documents.join('\n---\n'), 'test', options);
}

/** A Service and a Deployment for each version, and a DestinationRule with a subset for each. */
export function app(
  name: string,
  versions: readonly string[] = ['v1'],
  port: string = '{name: http, port: 80, targetPort: 8080}',
): string {
  const deployments = versions.map(
    (version) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}-${version}, namespace: apps}
spec: {template: {metadata: {labels: {app: ${name}, version: ${version}}}}}`,
  );
  const subsets = versions.map((version) => `{name: ${version}, labels: {version: ${version}}}`);
  return [
    `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: apps}
spec: {selector: {app: ${name}}, ports: [${port}]}`,
    `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: apps}
spec: {host: ${name}, subsets: [${subsets.join(', ')}]}`,
    ...deployments,
  ].join('\n---');
}

export function gateway(
  servers: string = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]",
  name: string = 'ingress',
): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: apps}
spec: {selector: {istio: ingressgateway}, servers: ${servers}}`;
}

/** A VirtualService for a.example.com on the gateway `ingress`, unless `spec` says otherwise. */
export function routes(
  http: string,
  spec: string = "hosts: ['a.example.com'], gateways: [ingress]",
  metadata: string = 'name: routes, namespace: apps',
): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {${metadata}}
spec: {${spec}, http: ${http}}`;
}

/** A rule with this match to v2 of app `a`, everything else to v1. */
export function v2When(match: string): Mesh {
  return mesh(
    gateway(),
    app('a', ['v1', 'v2']),
    routes(`
  [{match: [${match}], route: [{destination: {host: a, subset: v2}}]},
   {route: [{destination: {host: a, subset: v1}}]}]`),
  );
}
