import { Construct } from 'constructs';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { checkedId } from '../objects/check-argument';
import { namespaceOf } from '../objects/object-options';
import { refuseIf } from '../objects/refuse';
import { removeUnless } from '../objects/remove-unless';
import { refuseWrong, required, Struct, text } from '../objects/struct';
import type { CallerIdentity, ICaller } from '../security/caller';
import { checkAccount, checkNameMesh } from './check-gateway';
import { identityOf } from './gateway-identity';
import type { IIngressGateway } from './ingress-gateway-ref';

/**
 * A Gateway that is there already.
 */
export interface ExistingGatewayOptions {
  /**
   * The namespace of the Gateway.
   *
   * @default - the chart's
   */
  readonly namespace?: string;

  /**
   * The ServiceAccount of the pods that serve it, as `namespace/name`: the identity by which services know the gateway.
   *
   * @default - not known
   */
  readonly serviceAccount?: string;
}

const EXISTING_GATEWAY = new Struct<ExistingGatewayOptions>("{ namespace: 'istio-ingress' }", {
  namespace: text,
  serviceAccount: text,
});

/** A Gateway of somebody else: nothing of it is written. */
export class ExistingGateway extends Construct implements IIngressGateway, ICaller {
  public readonly gatewayName: string;
  public readonly gatewayNamespace?: string;
  public readonly serviceAccount?: string;

  constructor(scope: Construct, id: string, gatewayName: string, options: ExistingGatewayOptions) {
    super(scope, checkedId(scope, id));
    const { namespace, serviceAccount } = removeUnless(this, () => {
      refuseWrong(this, 'gatewayName', gatewayName, required(text, 'write the name of the Gateway'));
      refuseIf(this, 'gatewayName', gatewayName, complaintAboutDnsLabel(gatewayName));
      const read = EXISTING_GATEWAY.read(this, 'options', options);
      const namespace = namespaceOf(this, read.namespace);
      checkNameMesh(this, 'another name', gatewayName, namespace);
      checkAccount(this, 'options.serviceAccount', read.serviceAccount);
      return { ...read, namespace };
    });
    this.gatewayName = gatewayName;
    this.gatewayNamespace = namespace;
    this.serviceAccount = serviceAccount;
  }

  public callerIdentity(): CallerIdentity {
    return identityOf(this);
  }
}
