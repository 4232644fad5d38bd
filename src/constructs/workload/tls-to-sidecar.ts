import type { Construct } from 'constructs';
import { refuse } from '../objects/refuse';
import { whatKeepsOffSidecar } from './sidecar';
import type { TrafficPolicy } from './traffic-policy';
import type { Labels } from './version-labels';

/** Throws where callers would speak TLS of the app's own to a sidecar, which takes the mesh's only. */
export function refuseTlsToSidecar(
  app: Construct & { readonly port: number },
  { tls }: TrafficPolicy,
  { podLabels, podAnnotations }: { readonly podLabels: Labels; readonly podAnnotations?: Labels },
): void {
  if (
    tls !== undefined &&
    whatKeepsOffSidecar(app.port, { labels: podLabels, annotations: podAnnotations }) === undefined
  ) {
    refuse(
      app,
      `trafficPolicy.tls is for pods without a sidecar: one takes the mesh's own TLS, and would answer every request with 503. Set podLabels to { 'sidecar.istio.io/inject': 'false' }, or leave out tls, and the sidecars speak mutual TLS.`,
    );
  }
}
