/*
 * Which pods are gateways, as far as manifests show it, and what labels the usual installations of Istio give them.
 */
import type { StringMap } from '../manifests/node';
import type { Workload } from './workload';

/** Whether Istio's proxy is what the pods are for. */
export function isGatewayWorkload({ proxy }: Workload): boolean {
  return proxy?.isGateway === true;
}

/**
 * `istioctl install` labels its gateway app=istio-ingressgateway, istio=ingressgateway. The Helm chart derives both from the
 * name of the release; as it is named in Istio's guide, app=istio-ingress, istio=ingress.
 */
const ISTIO_BY_APP: StringMap = new Map([
  ['istio-ingressgateway', 'ingressgateway'],
  ['istio-ingress', 'ingress'],
]);

/** Whether a selector asks for a label of one installation and for one of the other: hardly a pod has both. */
export function mixesInstallations(selector: StringMap): boolean {
  const expected = ISTIO_BY_APP.get(selector.get('app') ?? '');
  const istio = selector.get('istio');
  return (
    expected !== undefined && istio !== undefined && istio !== expected && [...ISTIO_BY_APP.values()].includes(istio)
  );
}

/** The label `istio` that goes with a label `app`. */
export function istioLabelFor(app: string): string | undefined {
  return ISTIO_BY_APP.get(app);
}
