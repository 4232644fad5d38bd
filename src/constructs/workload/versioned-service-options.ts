/*
 * What a VersionedService and its versions are made of.
 */
import type { ServiceType } from 'cdk8s-plus-27';
import type { MetadataOptions, ObjectOptions } from '../objects/object-options';
import type { RoutingApi } from '../objects/routing-api';
import type { WorkloadOptions } from './workload-options';

/**
 * How a route tells the versions of a service apart.
 */
export enum VersionedBy {
  /** By subsets of a DestinationRule: one Service for all versions, told apart by the label `version`. */
  SUBSETS = 'subsets',

  /** By Services: beside the one for all versions, one for each. Works without a DestinationRule, and with the Gateway API. */
  SERVICES = 'services',
}

/**
 * What a VersionedService is made of.
 */
export interface VersionedServiceProps extends MetadataOptions {
  /**
   * The name of the Service, and so the DNS name of all versions together. The DestinationRule has the same name.
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
   * The value of the label `app` of every version.
   *
   * @default - the name
   */
  readonly app?: string;

  /**
   * The port of the Service.
   *
   * @default 80
   */
  readonly port?: number;

  /**
   * The port of the pods, as a number; every version then has to listen on it.
   *
   * @default - by its name, `http`, so that each version may listen on a port of its own
   */
  readonly targetPort?: number;

  /**
   * The name of the port, from which Istio reads its protocol.
   *
   * @default 'http'
   */
  readonly portName?: string;

  /**
   * Who can reach the Service: the cluster, every node's address, or a load balancer. What comes by the last two has passed
   * no gateway, and so no routing.
   *
   * @default ServiceType.CLUSTER_IP
   */
  readonly serviceType?: ServiceType;

  /**
   * How a route tells the versions apart.
   *
   * @default VersionedBy.SUBSETS
   */
  readonly versionedBy?: VersionedBy;

  /**
   * The domain of the cluster, for names in full.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Name, labels and annotations of the DestinationRule.
   *
   * @default - the service's own
   */
  readonly destinationRule?: ObjectOptions;

  /**
   * The API version in which the DestinationRule is written.
   *
   * @default RoutingApi.ISTIO_V1
   */
  readonly api?: RoutingApi;
}

/**
 * What one version of a service is made of.
 */
export interface VersionOptions extends WorkloadOptions, MetadataOptions {
  /**
   * The name of the Deployment.
   *
   * @default - the name of the service, '-' and `subset`: `apis-v1`, `apis-1-4-0`
   */
  readonly name?: string;

  /**
   * The name of the DestinationRule's subset, and what stands for the version in names of objects.
   *
   * @default - the version as a DNS label: `v1`, `1-4-0`
   */
  readonly subset?: string;

  /**
   * Name, labels and annotations of the version's own Service, under `VersionedBy.SERVICES`.
   *
   * @default - the name of the Deployment, and the version's labels and annotations
   */
  readonly service?: ObjectOptions;
}
