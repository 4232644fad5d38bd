import { Construct } from 'constructs';
import { checkedId } from '../objects/check-argument';
import { removeFromScope } from '../objects/remove-unless';
import { Struct, text } from '../objects/struct';
import {
  checkImages,
  checkRevision,
  deliver,
  IMAGE_FIELDS,
  ISTIO_NAMESPACE,
  type IstioImageOptions,
  type IstioPartProps,
  PART_FIELDS,
  refuseInValues,
} from './istio-part';

/**
 * What a Ztunnel is made of.
 */
export interface ZtunnelProps extends IstioPartProps, IstioImageOptions {
  /**
   * The revision of istiod that configures it.
   *
   * @default - istiod without a revision
   */
  readonly revision?: string;
}

const PROPS = new Struct<ZtunnelProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...PART_FIELDS,
  ...IMAGE_FIELDS,
  revision: text,
});

/**
 * The proxy of ambient mode, one on each node. Its pods need the Pod Security Standard 'privileged'.
 */
export class Ztunnel extends Construct {
  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param props The charts, and what differs from them.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: ZtunnelProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      const { namespace = ISTIO_NAMESPACE, revision, hub, tag } = given;
      checkRevision(this, 'revision', revision);
      checkImages(this, given);
      refuseInValues(this, given.values, 'revision');
      refuseInValues(this, given.values, 'istioNamespace', 'namespace');
      // The chart reads registry and tag here, and its own come before those of `global`.
      const values = { istioNamespace: namespace, revision, hub, tag };
      deliver(this, given, { name: 'ztunnel', chart: 'ztunnel', namespace, values });
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }
}
