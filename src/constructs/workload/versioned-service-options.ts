/*
 * What a VersionedService and its versions are made of.
 */
import { ServiceType } from 'cdk8s-plus-27';
import {
  LABELS,
  METADATA_FIELDS,
  type MetadataOptions,
  OBJECT_OPTIONS,
  type ObjectOptions,
} from '../objects/object-options';
import { RoutingApi } from '../objects/routing-api';
import { flag, number, oneOf, Struct, text } from '../objects/struct';
import { TRAFFIC_POLICY, type TrafficPolicy } from './traffic-policy';
import { WORKLOAD_FIELDS } from './workload-fields';
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
   * @default - that of `app` in `selector`, else the name
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
   * The name of the port, from which Istio reads its protocol. Only for Services that are made here.
   *
   * @default 'http'
   */
  readonly portName?: string;

  /**
   * Whether the Service is there already, made by somebody else, so that none is made here. `name`, `namespace` and `port` are
   * then those of that Service.
   *
   * A Service of a Helm chart selects the pods of that chart only. Either set `selector` to what it selects, which gives those
   * labels to the pods of versions made here, too; or set `versionedBy` to SERVICES, and route to it as to one version.
   *
   * @default false
   */
  readonly existingService?: boolean;

  /**
   * The labels by which the Service selects the pods of all versions. Pods of versions that are made here carry them.
   *
   * @default - the label `app`; of an existing Service it is not known
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * Who can reach the Service: the cluster, every node's address, or a load balancer. What comes by the last two has passed
   * no gateway, and so no routing; `security` of a mesh refuses them.
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
   * Name, labels and annotations of the DestinationRule for the name of all versions. Under `VersionedBy.SERVICES` there is one
   * only where `trafficPolicy` is set.
   *
   * @default - the service's own
   */
  readonly destinationRule?: ObjectOptions;

  /**
   * How callers treat all versions.
   *
   * @default - as the mesh has it
   */
  readonly trafficPolicy?: TrafficPolicy;

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

  /**
   * How callers treat this version. What it has of the groups of a policy takes the place of the service's.
   *
   * @default - as the service has it
   */
  readonly trafficPolicy?: TrafficPolicy;

  /**
   * Whether the version is on its way out: its pods and its subset or Service stay, and no route may name it. To be applied
   * before the version is taken away, since a proxy that still has the old routes gets a 503 for what is gone.
   *
   * @default false
   */
  readonly retired?: boolean;
}

/**
 * A version whose pods somebody else makes: a Helm chart, or an Argo Rollout.
 */
export interface ExistingVersionOptions {
  /**
   * The labels that its pods carry, and those of no other version. Beside these they carry the `selector` of the service.
   *
   * @default - the label `version`; with `serviceName` none are known
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * The name of the DestinationRule's subset, and what stands for the version in names of objects.
   *
   * @default - the version as a DNS label: `v1`, `1-4-0`
   */
  readonly subset?: string;

  /**
   * The name of the Service that reaches this version and no other, where there is one already. It has the port of the
   * service. Under `VersionedBy.SERVICES` only.
   *
   * @default - one is made, which selects by `labels`, and is called like the service, '-' and `subset`
   */
  readonly serviceName?: string;

  /**
   * The ServiceAccount of its pods: by what other services know it as a caller. Needed where it calls one that lets in by
   * account, as with MeshSecurity.strict.
   *
   * @default - not known
   */
  readonly serviceAccountName?: string;

  /**
   * How callers treat this version. What it has of the groups of a policy takes the place of the service's.
   *
   * @default - as the service has it
   */
  readonly trafficPolicy?: TrafficPolicy;

  /**
   * Whether the version is on its way out: its subset or Service stays, and no route may name it. To be applied before the
   * version is taken away.
   *
   * @default false
   */
  readonly retired?: boolean;
}

export const VERSIONED_SERVICE_PROPS = new Struct<VersionedServiceProps>('{ port: 80 }', {
  ...METADATA_FIELDS,
  name: text,
  namespace: text,
  app: text,
  port: number,
  targetPort: number,
  portName: text,
  existingService: flag,
  selector: LABELS,
  serviceType: oneOf(ServiceType),
  versionedBy: oneOf(VersionedBy),
  clusterDomain: text,
  destinationRule: OBJECT_OPTIONS,
  trafficPolicy: TRAFFIC_POLICY,
  api: oneOf(RoutingApi),
});

export const VERSION_OPTIONS = new Struct<VersionOptions>("{ image: 'ghcr.io/acme/apis:1.4.0' }", {
  ...WORKLOAD_FIELDS,
  ...METADATA_FIELDS,
  name: text,
  subset: text,
  service: OBJECT_OPTIONS,
  trafficPolicy: TRAFFIC_POLICY,
  retired: flag,
});

export const EXISTING_VERSION_OPTIONS = new Struct<ExistingVersionOptions>("{ labels: { version: 'v1' } }", {
  labels: LABELS,
  subset: text,
  serviceName: text,
  serviceAccountName: text,
  trafficPolicy: TRAFFIC_POLICY,
  retired: flag,
});
