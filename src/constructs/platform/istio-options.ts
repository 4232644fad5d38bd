import type { ContainerResources, ServiceType } from 'cdk8s-plus-27';

/**
 * What carries the traffic of the pods.
 */
export enum DataPlaneMode {
  /** A proxy in each pod. */
  SIDECAR = 'sidecar',

  /**
   * A proxy for each node, ztunnel. It knows connections and not requests: rules by header act at gateways and waypoints only.
   */
  AMBIENT = 'ambient',
}

/**
 * What the proxies write of each request.
 */
export enum AccessLog {
  /** Nothing. */
  NONE = 'NONE',

  /** A line of Envoy's default format. */
  TEXT = 'TEXT',

  /** A line of JSON. */
  JSON = 'JSON',
}

/**
 * How many pods there are.
 */
export interface ReplicaOptions {
  /**
   * How many pods there are at least: without autoscaling (`maxReplicas` equal) exactly so many.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * How many pods there are at most; between the two a HorizontalPodAutoscaler decides by CPU.
   *
   * @default 5, or minReplicas where that is more
   */
  readonly maxReplicas?: number;
}

/**
 * The pods of istiod.
 */
export interface ControlPlaneOptions extends ReplicaOptions {
  /**
   * CPU and memory.
   *
   * @default - what the chart asks for: 0.5 CPU and 2 GiB
   */
  readonly resources?: ContainerResources;
}

/**
 * A port of a gateway's Service.
 */
export interface GatewayPort {
  /** The port. */
  readonly port: number;

  /**
   * The name of the port.
   *
   * @default - 'http2' for 80, 'https' for 443, else `port-` and the number
   */
  readonly name?: string;

  /**
   * The port of the pods, which the servers of Gateways name.
   *
   * @default - the port
   */
  readonly targetPort?: number;

  /**
   * The port of the nodes, for Services of type NodePort and LoadBalancer.
   *
   * @default - Kubernetes chooses
   */
  readonly nodePort?: number;
}

/**
 * The pods of a gateway, and the Service in front of them.
 */
export interface GatewayPodsOptions extends ReplicaOptions {
  /**
   * The name of the Deployment, the Service and the ServiceAccount. The pods' label `istio` is this name without `istio-`.
   *
   * @default 'istio-ingressgateway'
   */
  readonly name?: string;

  /**
   * The namespace of the pods. Istio advises one that is not istiod's.
   *
   * @default 'istio-ingress'
   */
  readonly namespace?: string;

  /**
   * The type of the Service.
   *
   * @default ServiceType.LOAD_BALANCER
   */
  readonly serviceType?: ServiceType;

  /**
   * The ports of the Service beside 15021, on which the gateway says that it is ready.
   *
   * @default - 80 and 443
   */
  readonly ports?: GatewayPort[];

  /**
   * CPU and memory.
   *
   * @default - what the chart asks for: 0.1 CPU and 128 MiB, at most 2 CPU and 1 GiB
   */
  readonly resources?: ContainerResources;
}
