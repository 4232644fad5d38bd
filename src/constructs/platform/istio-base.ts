import { Construct } from 'constructs';
import { checkedId } from '../objects/check-argument';
import { removeFromScope } from '../objects/remove-unless';
import { Struct, text } from '../objects/struct';
import {
  checkRevision,
  deliver,
  FAIL_CLOSED,
  ISTIO_NAMESPACE,
  type IstioPartProps,
  PART_FIELDS,
  refuseInValues,
} from './istio-part';
import { keepKinds } from './keep-kinds';
import { comeFirst } from './platform-first';

/**
 * What an IstioBase is made of.
 */
export interface IstioBaseProps extends IstioPartProps {
  /**
   * The revision of istiod that validates objects of Istio's kinds which name no revision.
   *
   * @default - istiod without a revision
   */
  readonly defaultRevision?: string;
}

const PROPS = new Struct<IstioBaseProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...PART_FIELDS,
  defaultRevision: text,
});

/**
 * What the whole cluster has of Istio once: the kinds (CustomResourceDefinitions), and the webhook that has istiod validate their
 * objects. Who deletes the kinds deletes every VirtualService of the cluster with them, so a policy has the API server refuse that.
 * It stands against one mistake: `kubectl delete -f` of the file deletes the policy, too, and a second one would delete the kinds.
 */
export class IstioBase extends Construct {
  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param props The charts, and what differs from them.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: IstioBaseProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      const { namespace = ISTIO_NAMESPACE, defaultRevision } = given;
      checkRevision(this, 'defaultRevision', defaultRevision);
      refuseInValues(this, given.values, 'defaultRevision');
      refuseInValues(this, given.values, 'global.istioNamespace', 'namespace');
      deliver(this, given, {
        name: 'istio-base',
        chart: 'base',
        namespace,
        values: { ...FAIL_CLOSED, global: { istioNamespace: namespace }, defaultRevision },
      });
      keepKinds(this);
      comeFirst(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }
}
