import { Construct } from 'constructs';
import { complaintAboutLabelValue } from '../../syntax/names';
import type { IGatewayPods } from '../gateway/gateway-pods';
import { checkedId } from '../objects/check-argument';
import { JSON_VALUES, type JsonValues } from '../objects/json-values';
import { refuseIf } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { isPlain, Struct, text } from '../objects/struct';
import {
  checkGatewayName,
  GATEWAY_NAME,
  GATEWAY_NAMESPACE,
  GATEWAY_PODS_FIELDS,
  portValues,
  serviceTypeOf,
} from './gateway-service';
import { CHARTS, type IstioCharts } from './istio-charts';
import type { GatewayPodsOptions } from './istio-options';
import { deliver, refuseInValues } from './istio-part';
import { DELIVERY, type PlatformDelivery } from './platform-delivery';
import { replicasOf, resourceValues } from './pod-values';

/**
 * What an IstioGateway is made of.
 */
export interface IstioGatewayProps extends GatewayPodsOptions {
  /** The charts. */
  readonly charts: IstioCharts;

  /**
   * The revision of istiod that injects and configures the proxies.
   *
   * @default - istiod without a revision
   */
  readonly revision?: string;

  /**
   * Values of the chart. They are merged last: a map into what the other props say, anything else in place of it.
   *
   * @default - what the other props say
   */
  readonly values?: { readonly [key: string]: unknown };

  /**
   * What is written: objects, or what has Flux or Argo CD install the chart.
   *
   * @default PlatformDelivery.manifests()
   */
  readonly delivery?: PlatformDelivery;

  /**
   * The command `helm`, 3.7 or later. Only where objects are written.
   *
   * @default 'helm'
   */
  readonly helm?: string;
}

const PROPS = new Struct<IstioGatewayProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...GATEWAY_PODS_FIELDS,
  charts: CHARTS,
  revision: text,
  values: JSON_VALUES,
  delivery: DELIVERY,
  helm: text,
});

/** Of the pods, beside what lets them listen on ports below 1024: without it, they are not what 'restricted' asks for. */
const SECURITY_CONTEXT = {
  seccompProfile: { type: 'RuntimeDefault' },
  sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
};

/**
 * The pods of a gateway, and the Service in front of them. What they serve, an IngressGateway says that names them. The pods keep
 * to the Pod Security Standard 'restricted'.
 */
export class IstioGateway extends Construct implements IGatewayPods {
  /** The name of the Deployment and the Service. */
  public readonly name: string;

  /** The namespace of the pods. */
  public readonly namespace: string;

  public readonly selector: { readonly [key: string]: string };

  public readonly serviceAccount: string;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param props The charts, and what differs from them.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: IstioGatewayProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      const { name = GATEWAY_NAME, namespace = GATEWAY_NAMESPACE } = given;
      checkGatewayName(this, name);
      refuseInValues(this, given.values, 'name');
      this.checkLabels(given.values);
      const { values } = deliver(this, given, { name, chart: 'gateway', namespace, values: this.valuesOf(given) });
      this.name = name;
      this.namespace = namespace;
      this.selector = selectorOf(name, values);
      this.serviceAccount = `${namespace}/${accountOf(name, values)}`;
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }

  /** By these two of the pods, Gateways select them. */
  private checkLabels({ labels }: JsonValues = {}): void {
    const { app, istio } = isPlain(labels) ? labels : ({} as JsonValues);
    for (const [label, value] of Object.entries({ app, istio })) {
      if (value !== undefined) {
        refuseIf(this, `values.labels.${label}`, value as string, complaintAboutLabelValue(value as string));
      }
    }
  }

  private valuesOf(given: IstioGatewayProps): JsonValues {
    const { revision, serviceType, ports, resources } = given;
    if (revision !== undefined) {
      refuseIf(this, 'revision', revision, complaintAboutLabelValue(revision));
    }
    return {
      revision,
      service: { type: serviceTypeOf(this, serviceType), ports: portValues(this, ports, serviceType) },
      resources: resourceValues(this, resources),
      securityContext: SECURITY_CONTEXT,
      ...this.replicaValues(given),
    };
  }

  private replicaValues(given: GatewayPodsOptions): JsonValues {
    const replicas = replicasOf(this, given);
    if (replicas === undefined) {
      return {};
    }
    const { min, max } = replicas;
    return min === max
      ? { autoscaling: { enabled: false }, replicaCount: min }
      : { autoscaling: { enabled: true, minReplicas: min, maxReplicas: max } };
  }
}

/** As the chart labels the pods. */
function selectorOf(name: string, { labels }: JsonValues): { readonly [key: string]: string } {
  const { app = name, istio = name.replace(/^istio-/, '') } = isPlain(labels) ? labels : {};
  return { app: String(app), istio: String(istio) };
}

/** As the chart calls the ServiceAccount. */
function accountOf(name: string, { serviceAccount }: JsonValues): string {
  const { create = true, name: other } = isPlain(serviceAccount) ? serviceAccount : {};
  return String(other || (create ? name : 'default'));
}
