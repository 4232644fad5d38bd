import { refuse } from '../objects/refuse';
import type { CallerIdentity } from '../security/caller';
import type { IIngressGateway } from './ingress-gateway-ref';

/** By what services know the pods of a gateway, where that is known. */
export function identityOf(gateway: IIngressGateway, podLabels?: { readonly [key: string]: string }): CallerIdentity {
  if (gateway.serviceAccount === undefined) {
    refuse(
      gateway,
      "the ServiceAccount of the gateway's pods is not known, and by that services know who calls; set serviceAccount, as in 'istio-ingress/istio-ingress'.",
    );
  }
  const [namespace, name] = gateway.serviceAccount.split('/');
  return { namespace, serviceAccounts: [name], podLabels };
}
