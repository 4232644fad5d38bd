import type { Duration } from 'cdk8s';
import type { ContainerResources, EnvFrom, EnvValue, ImagePullPolicy, IServiceAccount } from 'cdk8s-plus-27';
import type { Drain } from './drain';
import type { HealthCheck } from './health-check';
import type { RunAs } from './run-as';

/**
 * When to add and remove pods.
 */
export interface AutoscalingOptions {
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
   * Whole ConfigMaps and Secrets as environment variables.
   *
   * @default - none
   */
  readonly envFrom?: EnvFrom[];

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
   * The user that the process runs as.
   *
   * @default RunAs.imageUser()
   */
  readonly runAs?: RunAs;

  /**
   * The pause between the removal of a pod's endpoint and the end of its process.
   *
   * @default Drain.pause(Duration.seconds(5))
   */
  readonly drain?: Drain;

  /**
   * How long a pod may take to end, the drain included, before it is killed. In whole seconds, more than the drain.
   *
   * @default - 30 seconds more than the drain
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * The ServiceAccount of the pods: the identity that an AuthorizationPolicy sees. Its token is not mounted.
   *
   * @default - the namespace's `default`
   */
  readonly serviceAccount?: IServiceAccount;

  /**
   * More labels of the pods. `app` and `version` are set already.
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
