import { Construct } from 'constructs';
import { checkedId } from '../objects/check-argument';
import { removeFromScope } from '../objects/remove-unless';
import { oneOf, Struct } from '../objects/struct';
import { DataPlaneMode } from './istio-options';
import {
  checkImages,
  deliver,
  IMAGE_FIELDS,
  ISTIO_NAMESPACE,
  type IstioImageOptions,
  type IstioPartProps,
  PART_FIELDS,
  refuseProfile,
} from './istio-part';

/**
 * What an IstioCni is made of.
 */
export interface IstioCniProps extends IstioPartProps, IstioImageOptions {
  /**
   * What carries the traffic of the pods.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;
}

const PROPS = new Struct<IstioCniProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...PART_FIELDS,
  ...IMAGE_FIELDS,
  dataPlane: oneOf(DataPlaneMode),
});

/**
 * The CNI plugin: on each node, it leads the pods' traffic to their proxy. Its pods need the Pod Security Standard 'privileged'.
 */
export class IstioCni extends Construct {
  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param props The charts, and what differs from them.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: IstioCniProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      checkImages(this, given);
      refuseProfile(this, given.values);
      const { namespace = ISTIO_NAMESPACE, dataPlane, hub, tag } = given;
      const profile = dataPlane === DataPlaneMode.AMBIENT ? 'ambient' : undefined;
      const values = { profile, global: { hub, tag } };
      deliver(this, given, { name: 'istio-cni', chart: 'cni', namespace, values });
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }
}
