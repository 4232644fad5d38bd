import type { Duration, Size } from 'cdk8s';
import type { ContainerResources, EnvValue, ImagePullPolicy } from 'cdk8s-plus-27';
import type { ObjectOptions } from '../objects/object-options';
import type { Drain } from './drain';
import type { EnvSource } from './env-source';
import type { HealthCheck } from './health-check';
import type { RunAs } from './run-as';

/**
 * When to add and remove pods.
 */
export interface AutoscalingOptions {
  /**
   * The name of the HorizontalPodAutoscaler.
   *
   * @default - that of the Deployment
   */
  readonly name?: string;

  /**
   * The fewest pods.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * The most pods.
   */
  readonly maxReplicas: number;

  /**
   * The CPU use to aim at, in percent of the requested CPU, on average over the pods.
   *
   * @default 70
   */
  readonly targetCpuPercent?: number;
}

/**
 * What an HTTP web app is made of: everything in which two versions of one app may differ.
 */
export interface WorkloadOptions {
  /**
   * The container image, as in `ghcr.io/acme/apis:1.4.0`.
   */
  readonly image: string;

  /**
   * The name of the container.
   *
   * @default 'app'
   */
  readonly containerName?: string;

  /**
   * The port that the app listens on, on all interfaces.
   *
   * @default 5000
   */
  readonly port?: number;

  /**
   * The command to run in place of the image's ENTRYPOINT; no shell is involved.
   *
   * @default - the image's ENTRYPOINT
   */
  readonly command?: string[];

  /**
   * The arguments in place of the image's CMD.
   *
   * @default - the image's CMD
   */
  readonly args?: string[];

  /**
   * Environment variables: `EnvValue.fromValue('beta')`, or from a Secret, a ConfigMap or a field of the pod.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: EnvValue };

  /**
   * Whole ConfigMaps and Secrets as environment variables: `EnvSource.configMap('apis-settings')`.
   *
   * @default - none
   */
  readonly envFrom?: EnvSource[];

  /**
   * The number of pods. From 2 on they are spread over nodes, and a PodDisruptionBudget lets only one go at a time.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Has a HorizontalPodAutoscaler set the number of pods. Excludes `replicas`.
   *
   * @default - no autoscaling
   */
  readonly autoscaling?: AutoscalingOptions;

  /**
   * Name, labels and annotations of the PodDisruptionBudget, where there is one: with two pods or more.
   *
   * @default - those of the Deployment
   */
  readonly podDisruptionBudget?: ObjectOptions;

  /**
   * When a pod may get requests.
   *
   * @default - as soon as the port accepts a TCP connection: nothing says that a GET of '/' is cheap
   */
  readonly readiness?: HealthCheck;

  /**
   * When a container is to be restarted: as soon as it is no longer alive.
   *
   * @default - while the port accepts a TCP connection, the app is alive
   */
  readonly liveness?: HealthCheck;

  /**
   * When an app has started; until then the other two do not ask.
   *
   * @default - as soon as the port accepts a TCP connection
   */
  readonly startup?: HealthCheck;

  /**
   * CPU and memory, as in cdk8s-plus. `{}` asks for nothing and limits nothing.
   *
   * @default - 100m CPU and 128 MiB of memory requested; memory limited to 512 MiB, CPU not limited
   */
  readonly resources?: ContainerResources;

  /**
   * When the image is pulled.
   *
   * @default - ALWAYS for the tag `latest` or no tag, else IF_NOT_PRESENT
   */
  readonly imagePullPolicy?: ImagePullPolicy;

  /**
   * Folders that the app may write to, each an emptyDir; all else is read-only.
   *
   * @default ['/tmp']
   */
  readonly writablePaths?: string[];

  /**
   * How much each of these folders may hold, in whole MiB. A pod that writes more is evicted.
   *
   * @default - as much as the node has
   */
  readonly writableSizeLimit?: Size;

  /**
   * The user that the process runs as.
   *
   * @default RunAs.imageUser()
   */
  readonly runAs?: RunAs;

  /**
   * The pause between the removal of a pod's endpoint and the end of its process.
   *
   * @default Drain.sleepCommand(Duration.seconds(5))
   */
  readonly drain?: Drain;

  /**
   * How long a pod may take to end, the drain included, before it is killed. In whole seconds, more than the drain.
   *
   * @default - 30 seconds more than the drain
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * The name of a ServiceAccount that is there already, in the namespace of the pods: the identity that an AuthorizationPolicy
   * sees. Its token is not mounted.
   *
   * @default - one is made, called like the Deployment
   */
  readonly serviceAccountName?: string;

  /**
   * The labels by which the Deployment selects its pods, to adopt a Deployment that runs already: its selector can never change.
   * The pods carry these labels too, in place of those that are recommended. What Services and the PodDisruptionBudget select by
   * stays `app` and `version`.
   *
   * @default - `app` and `version`
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * More labels of the pods. `app` and `version` are set already, and so are `app.kubernetes.io/name` and
   * `app.kubernetes.io/version`, which these may replace.
   *
   * @default - no more labels
   */
  readonly podLabels?: { readonly [key: string]: string };

  /**
   * Annotations of the pods.
   *
   * @default - none; behind a VersionedService `proxy.istio.io/config`, which has the sidecar stay until nothing is under way
   */
  readonly podAnnotations?: { readonly [key: string]: string };
}
