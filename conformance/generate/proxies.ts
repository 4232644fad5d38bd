/*
 * The gateway's own Deployment and the Services in front of it, which may give its ports other numbers.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { GATEWAY_LABELS } from './gateways';

export const GATEWAY_NAMESPACE = 'istio-system';

export function makeProxy(random: Random): readonly Manifest[] {
  const services = [
    service(random, 'istio-ingressgateway', random.some([80, 443, 8080, 8443, 9000], random.integer(2, 5))),
  ];
  // No port is in both: which of the two a client dials could not be known.
  const others = random.maybe(0.25, () => service(random, 'internal', [15021, 9090]));
  return [deployment(), ...services, ...(others === undefined ? [] : [others])];
}

function deployment(): Manifest {
  const ports = [
    { name: 'http2', containerPort: 8080 },
    { name: 'https', containerPort: 8443 },
    { name: 'other', containerPort: 9001 },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istio-ingressgateway', namespace: GATEWAY_NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: GATEWAY_LABELS },
      template: { metadata: { labels: GATEWAY_LABELS }, spec: { containers: [{ name: 'istio-proxy', ports }] } },
    },
  };
}

function service(random: Random, name: string, numbers: readonly number[]): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: GATEWAY_NAMESPACE, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      type: 'LoadBalancer',
      selector: { istio: GATEWAY_LABELS.istio },
      ports: numbers.map((port) => ({
        name: `${random.pick(['http', 'tcp', 'port'])}-${port}`,
        port,
        ...target(random, port),
      })),
    },
  };
}

/** Mostly one of its own for each port; two ports that lead to one are an oddity worth a look. */
function target(random: Random, port: number): { readonly targetPort?: number | string } {
  return random.weighted<{ readonly targetPort?: number | string }>([
    [4, () => ({ targetPort: port < 1024 ? port + 8000 : port + 1000 })],
    [3, () => ({})],
    [1, () => ({ targetPort: random.pick(['http2', 'https', 'other', 'missing']) })],
    [1, () => ({ targetPort: random.pick([8080, 8443]) })],
  ]);
}
