import type { Construct } from 'constructs';
import { refuse } from '../objects/refuse';
import type { TrafficPolicy } from './traffic-policy';
import type { Labels } from './version-labels';

const INJECT = 'sidecar.istio.io/inject';
const NOT_THROUGH_SIDECAR = 'traffic.sidecar.istio.io/excludeInboundPorts';

/** Throws where callers would speak TLS of the app's own to a sidecar, which takes the mesh's only. */
export function refuseTlsToSidecar(
  app: Construct & { readonly port: number },
  { tls }: TrafficPolicy,
  pods: { readonly podLabels: Labels; readonly podAnnotations?: Labels },
): void {
  const passedBy = (pods.podAnnotations?.[NOT_THROUGH_SIDECAR] ?? '').split(',').map((port) => port.trim());
  if (tls !== undefined && pods.podLabels[INJECT] !== 'false' && !passedBy.includes(String(app.port))) {
    refuse(
      app,
      `trafficPolicy.tls is for pods without a sidecar: one takes the mesh's own TLS, and would answer every request with 503. Set podLabels to { '${INJECT}': 'false' }, or leave out tls, and the sidecars speak mutual TLS.`,
    );
  }
}
