/*
 * By what services know a gateway: the ServiceAccount of its pods.
 */
import type { IConstruct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutDnsName } from '../../syntax/names';
import { refuse, show } from '../objects/refuse';
import type { CallerIdentity } from './caller';

/** What `istioctl install` gives. */
const DEFAULT_ACCOUNT = 'istio-system/istio-ingressgateway-service-account';

/** The pods that serve a gateway. */
export interface GatewayPods {
  /** As `namespace/name`. */
  readonly serviceAccount?: string;
  /** Labels of the pods, where known. */
  readonly selector?: { readonly [key: string]: string };
}

/** Throws when the account is not known. */
export function gatewayIdentity(scope: IConstruct, { serviceAccount, selector }: GatewayPods): CallerIdentity {
  const account = serviceAccount ?? (isDefault(selector) ? DEFAULT_ACCOUNT : undefined);
  if (account === undefined) {
    refuse(
      scope,
      `the ServiceAccount of the gateway's pods is not known, and it is by that that services know the gateway; set serviceAccount on the gateway, as in '${DEFAULT_ACCOUNT}' (kubectl get pods -o custom-columns=:.metadata.namespace,:.spec.serviceAccountName).`,
    );
  }
  const [namespace, name, ...more] = account.split('/');
  if (more.length > 0 || complaintAboutDnsLabel(namespace) !== undefined || complaintAboutDnsName(name) !== undefined) {
    refuse(
      scope,
      `serviceAccount ${show(account)} of the gateway is not 'namespace/name'; write it as in '${DEFAULT_ACCOUNT}'.`,
    );
  }
  return { namespace, serviceAccounts: [name], podLabels: selector };
}

function isDefault(selector: GatewayPods['selector']): boolean {
  const labels = Object.entries(selector ?? {});
  return labels.length === 1 && labels[0].join('=') === 'istio=ingressgateway';
}
