/*
 * What a FlaskLikeApp is made of, and how it is exposed.
 */
import { ServiceType } from 'cdk8s-plus-27';
import { METADATA_FIELDS, type MetadataOptions } from '../objects/object-options';
import { number, oneOf, Struct, text } from '../objects/struct';
import { WORKLOAD_FIELDS } from './workload-fields';
import type { WorkloadOptions } from './workload-options';

/**
 * What a FlaskLikeApp is made of.
 */
export interface FlaskLikeAppProps extends WorkloadOptions, MetadataOptions {
  /**
   * The name of the Deployment and, unless they are given others, of its ServiceAccount, PodDisruptionBudget and
   * HorizontalPodAutoscaler.
   *
   * @default - the id of the construct
   */
  readonly name?: string;

  /**
   * The namespace of all objects.
   *
   * @default - the chart's
   */
  readonly namespace?: string;

  /**
   * The value of the label `app` of the pods, and of `app.kubernetes.io/name`. The Deployment selects by it unless `selector` is
   * set. Istio's telemetry and Kiali know the app by it.
   *
   * @default - the name
   */
  readonly app?: string;

  /**
   * The value of the label `version` of the pods, and of `app.kubernetes.io/version`. The Deployment selects by it unless
   * `selector` is set.
   *
   * @default - no such label: the app has one version only
   */
  readonly version?: string;
}

/**
 * How a FlaskLikeApp is reached on its own, without a mesh.
 */
export interface ExposeOptions extends MetadataOptions {
  /**
   * The name of the Service, and so its DNS name.
   *
   * @default - the name of the app
   */
  readonly name?: string;

  /**
   * The port of the Service.
   *
   * @default 80
   */
  readonly port?: number;

  /**
   * Who can reach it: the cluster, every node's address, or a load balancer. `security` of a mesh that routes the app refuses
   * the last two, which pass no gateway.
   *
   * @default ServiceType.CLUSTER_IP
   */
  readonly serviceType?: ServiceType;

  /**
   * The port on every node, for a NodePort or LoadBalancer Service. A cluster takes those of its node port range, which is
   * 30000 to 32767 unless it was set up otherwise, and refuses the Service for any other.
   *
   * @default - Kubernetes picks one
   */
  readonly nodePort?: number;

  /**
   * The name of the port, from which Istio reads its protocol.
   *
   * @default 'http'
   */
  readonly portName?: string;
}

/** Options of a FlaskLikeApp. */
export const FLASK_LIKE_APP = new Struct<FlaskLikeAppProps>("{ image: 'ghcr.io/acme/apis:1.4.0' }", {
  ...WORKLOAD_FIELDS,
  ...METADATA_FIELDS,
  name: text,
  namespace: text,
  app: text,
  version: text,
});

/** Options of `expose`. */
export const EXPOSE = new Struct<ExposeOptions>('{ port: 80 }', {
  ...METADATA_FIELDS,
  name: text,
  port: number,
  serviceType: oneOf(ServiceType),
  nodePort: number,
  portName: text,
});
