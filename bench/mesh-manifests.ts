/*
 * A mesh of many services, as the manifests of its objects: five for each service, and a gateway in front of all. Each service
 * has two versions and five rules. Neither this library nor `istioctl analyze` finds anything wrong with it.
 */

const VERSIONS = ['v1', 'v2'];

export function meshOf(services: number): unknown[] {
  return [gateway(), ...Array.from({ length: services }, (_, index) => appNamed(`app-${index}`)).flat()];
}

function gateway(): unknown {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'ingress', namespace: 'apps' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'] }],
    },
  };
}

function appNamed(name: string): unknown[] {
  const metadata = { name, namespace: 'apps' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8000 }] },
    },
    ...VERSIONS.map((version) => deployment(name, version)),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata,
      spec: { host: name, subsets: VERSIONS.map((version) => ({ name: version, labels: { version } })) },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: { hosts: [`${name}.example.com`, name], gateways: ['ingress', 'mesh'], http: rulesOf(name) },
    },
  ];
}

function deployment(app: string, version: string): unknown {
  const labels = { app, version };
  const container = {
    name: 'app',
    image: `ghcr.io/acme/${app}:1.0.0`,
    ports: [{ containerPort: 8000, name: 'http' }],
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${app}-${version}`, namespace: 'apps', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

function rulesOf(host: string): unknown[] {
  const to = (subset: string) => [{ destination: { host, subset } }];
  return [
    { match: [{ headers: { 'user-agent': { regex: '.*Chrome.*' } } }], route: to('v2') },
    { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: to('v2') },
    { match: [{ headers: { 'x-version': { prefix: 'beta-' } }, uri: { prefix: '/api/' } }], route: to('v2') },
    { match: [{ headers: { cookie: { regex: '^(.*?;\\s*)?(group=testers)(;.*)?$' } } }], route: to('v1') },
    { route: to('v1') },
  ];
}
