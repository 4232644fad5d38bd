import { ApiObject, Duration, Size } from 'cdk8s';
import {
  type Container,
  type ContainerResources,
  Cpu,
  type Deployment,
  Handler,
  HorizontalPodAutoscaler,
  ImagePullPolicy,
  LabelSelector,
  Metric,
  MetricTarget,
  Pod,
  Service,
  ServiceType,
  Volume,
} from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  complaintAboutDnsLabel,
  complaintAboutHttpPortName,
  complaintAboutLabelValue,
  complaintAboutPort,
  complaintAboutServiceName,
} from '../../syntax/names';
import { checkedId, checkOneOf, checkOptions } from '../objects/check-argument';
import { type MetadataOptions, metadataOf, namespaceOf } from '../objects/object-options';
import { refuse, refuseIf } from '../objects/refuse';
import { watchForDuplicates } from '../objects/unique-objects';
import { checkWorkload, DEFAULT_MIN_REPLICAS } from './check-workload';
import { DEFAULT_DRAIN_SECONDS, Drain } from './drain';
import { hardenPods } from './harden-pods';
import { HardenedDeployment } from './hardened-deployment';
import { HealthCheck } from './health-check';
import { RunAs } from './run-as';
import type { WorkloadOptions } from './workload-options';

/** The port of Flask's development server, and the name under which every app's port is known to its Services. */
const DEFAULT_PORT = 5000;
export const CONTAINER_PORT_NAME = 'http';

const DEFAULT_REPLICAS = 2;

/** Small on purpose. CPU is not limited: a limit throttles an app even on an idle node. */
const DEFAULT_RESOURCES: ContainerResources = {
  cpu: { request: Cpu.millis(100) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
};

/**
 * What a FlaskLikeApp is made of.
 */
export interface FlaskLikeAppProps extends WorkloadOptions, MetadataOptions {
  /**
   * The name of the Deployment and, where they exist, of its PodDisruptionBudget and HorizontalPodAutoscaler.
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
   * The value of the label `app`, on the pods and in the selector. Istio's telemetry and Kiali know the app by it.
   *
   * @default - the name
   */
  readonly app?: string;

  /**
   * The value of the label `version`, on the pods and in the selector.
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
   * Who can reach it: the cluster, every node's address, or a load balancer.
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

/**
 * One version of one HTTP web app, of the kind that Flask, FastAPI, Express or Hono makes: one process, one port, no state.
 *
 * Makes a Deployment that passes the Pod Security Standard "restricted", checks its health, ends gracefully and, with two
 * pods or more, spreads over nodes under a PodDisruptionBudget.
 */
export class FlaskLikeApp extends Construct {
  /** The name of the Deployment. */
  public readonly name: string;

  /** The port that the app listens on. */
  public readonly port: number;

  /** The Deployment; all of cdk8s-plus is within reach through it. */
  public readonly deployment: Deployment;

  /** The container of the app. */
  public readonly container: Container;

  /** The PodDisruptionBudget, with two pods or more. */
  public readonly podDisruptionBudget?: ApiObject;

  /** The autoscaler, where `autoscaling` is set. */
  public readonly autoscaler?: HorizontalPodAutoscaler;

  /** The labels that select the pods of this app, and no others. A copy. */
  public get selectorLabels(): { readonly [key: string]: string } {
    return { ...this.selector };
  }

  private readonly selector: { readonly [key: string]: string };
  private readonly options: MetadataOptions;
  private service?: Service;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name of the Deployment.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: FlaskLikeAppProps) {
    super(scope, checkedId(scope, id));
    checkWorkload(this, props);
    watchForDuplicates(this);
    this.name = props.name ?? id;
    refuseIf(this, 'name', this.name, complaintAboutDnsLabel(this.name));
    this.port = props.port ?? DEFAULT_PORT;
    this.options = { labels: props.labels, annotations: props.annotations };
    this.selector = this.selectorFor(props);
    const fixed = { name: this.name, namespace: namespaceOf(this, props.namespace), labels: this.selector };
    const metadata = metadataOf(this, this.options, fixed);

    this.deployment = this.makeDeployment(props, metadata);
    this.container = this.addContainer(props);
    const mayBeSeveral = (props.autoscaling?.maxReplicas ?? props.replicas ?? DEFAULT_REPLICAS) > 1;
    hardenPods(this.deployment, { spread: mayBeSeveral, selector: this.selector });
    if (mayBeSeveral) {
      this.podDisruptionBudget = new ApiObject(this, 'PodDisruptionBudget', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: this.selectorLabels } },
      });
    }
    if (props.autoscaling) {
      this.autoscaler = new HorizontalPodAutoscaler(this, 'Autoscaler', {
        metadata,
        target: this.deployment,
        minReplicas: props.autoscaling.minReplicas ?? DEFAULT_MIN_REPLICAS,
        maxReplicas: props.autoscaling.maxReplicas,
        metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(props.autoscaling.targetCpuPercent ?? 70))],
      });
    }
  }

  /**
   * Makes a Service for the app on its own. Behind a VersionedService it has one already.
   *
   * @param options The name, port and type of the Service.
   * @throws Error when the app is exposed already, or an option is wrong.
   */
  public expose(options: ExposeOptions = {}): Service {
    checkOptions(this, 'expose:', options, '{ port: 80 }');
    checkOneOf(this, 'expose: serviceType', options.serviceType, ServiceType);
    if (this.service !== undefined) {
      refuse(
        this,
        `expose: the app is exposed already, by Service '${this.service.name}'; make a second cdk8s-plus Service if it needs two.`,
      );
    }
    const port = options.port ?? 80;
    refuseIf(this, 'expose: port', port, complaintAboutPort(port));
    const portName = options.portName ?? CONTAINER_PORT_NAME;
    refuseIf(this, 'expose: portName', portName, complaintAboutHttpPortName(portName));
    this.checkNodePort(options);
    const fixed = {
      name: options.name ?? this.name,
      namespace: this.deployment.metadata.namespace,
      labels: this.selector,
    };
    const labels = { ...this.options.labels, ...options.labels };
    const annotations = { ...this.options.annotations, ...options.annotations };
    this.service = new Service(this, 'Service', {
      metadata: metadataOf(this, { labels, annotations }, fixed, complaintAboutServiceName),
      type: options.serviceType,
      ports: [{ port, targetPort: this.port, nodePort: options.nodePort, name: portName }],
    });
    for (const [key, value] of Object.entries(this.selector)) {
      this.service.selectLabel(key, value);
    }
    return this.service;
  }

  private checkNodePort({ nodePort, serviceType }: ExposeOptions): void {
    if (nodePort !== undefined) {
      refuseIf(this, 'expose: nodePort', nodePort, complaintAboutPort(nodePort));
      if (serviceType !== 'NodePort' && serviceType !== 'LoadBalancer') {
        refuse(
          this,
          `expose: nodePort ${nodePort} has no meaning for a ClusterIP Service; set serviceType to NODE_PORT or LOAD_BALANCER.`,
        );
      }
    }
  }

  private selectorFor(props: FlaskLikeAppProps): { readonly [key: string]: string } {
    const app = props.app ?? this.name;
    refuseIf(this, 'app', app, complaintAboutLabelValue(app));
    if (props.version === undefined) {
      return { app };
    }
    refuseIf(this, 'version', props.version, complaintAboutLabelValue(props.version));
    return { app, version: props.version };
  }

  private makeDeployment(props: FlaskLikeAppProps, metadata: ReturnType<typeof metadataOf>): Deployment {
    const runAs = props.runAs ?? RunAs.imageUser();
    const pods = metadataOf(
      this,
      { labels: props.podLabels, annotations: props.podAnnotations },
      { name: this.name, labels: { [Pod.ADDRESS_LABEL]: this.name, ...this.selector } },
    );
    const deployment = new HardenedDeployment(this, 'Deployment', {
      metadata,
      // A selector of our own: cdk8s-plus derives its from the path in the tree, and a selector can never change again.
      select: false,
      podMetadata: { labels: pods.labels, annotations: pods.annotations },
      replicas: props.autoscaling ? undefined : (props.replicas ?? DEFAULT_REPLICAS),
      securityContext: { ensureNonRoot: runAs.nonRoot, user: runAs.uid, group: runAs.gid },
      terminationGracePeriod: this.terminationGracePeriod(props),
      serviceAccount: props.serviceAccount,
      automountServiceAccountToken: false,
    });
    deployment.select(LabelSelector.of({ labels: this.selectorLabels }));
    // cdk8s-plus finds pods by this label (connections, scheduling). A hash of the path by default, here the fixed name.
    deployment.podMetadata.addLabel(Pod.ADDRESS_LABEL, this.name);
    return deployment;
  }

  private terminationGracePeriod(props: FlaskLikeAppProps): Duration {
    const drain = props.drain?.seconds ?? DEFAULT_DRAIN_SECONDS;
    const period = props.terminationGracePeriod ?? Duration.seconds(drain + 30);
    const seconds = period.toMilliseconds() / 1000;
    if (!Number.isInteger(seconds) || seconds < 1) {
      refuse(this, `terminationGracePeriod ${seconds} s is not a whole number of seconds of 1 or more.`);
    }
    if (seconds <= drain) {
      refuse(
        this,
        `terminationGracePeriod ${seconds} s does not exceed the drain of ${drain} s, so the process would be killed before it is told to end; make it longer, or the drain shorter.`,
      );
    }
    return period;
  }

  private addContainer(props: FlaskLikeAppProps): Container {
    const drain = (props.drain ?? Drain.pause(Duration.seconds(DEFAULT_DRAIN_SECONDS)))._command();
    const runAs = props.runAs ?? RunAs.imageUser();
    const regular = { period: Duration.seconds(10), failureThreshold: 3 };
    const container = this.deployment.addContainer({
      name: 'app',
      image: props.image,
      imagePullPolicy: props.imagePullPolicy ?? pullPolicyFor(props.image),
      command: props.command,
      args: props.args,
      envVariables: props.env === undefined ? undefined : { ...props.env },
      envFrom: props.envFrom,
      ports: [{ number: this.port, name: CONTAINER_PORT_NAME }],
      readiness: (props.readiness ?? HealthCheck.tcp())._toProbe(this.port, regular),
      liveness: (props.liveness ?? HealthCheck.tcp())._toProbe(this.port, regular),
      startup: (props.startup ?? HealthCheck.tcp())._toProbe(this.port, {
        period: Duration.seconds(2),
        failureThreshold: 60,
      }),
      lifecycle: drain === undefined ? undefined : { preStop: Handler.fromCommand(drain) },
      resources: props.resources ?? DEFAULT_RESOURCES,
      securityContext: { ensureNonRoot: runAs.nonRoot, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    });
    (props.writablePaths ?? ['/tmp']).forEach((path, index) => {
      container.mount(path, Volume.fromEmptyDir(this, `Writable${index}`, `writable-${index}`));
    });
    return container;
  }
}

/** Kubernetes' own rule: a tag that moves is pulled every time, any other only where it is missing. */
function pullPolicyFor(image: string): ImagePullPolicy {
  const lastSegment = image.slice(image.lastIndexOf('/') + 1);
  const isFixed = lastSegment.includes('@') || (lastSegment.includes(':') && !lastSegment.endsWith(':latest'));
  return isFixed ? ImagePullPolicy.IF_NOT_PRESENT : ImagePullPolicy.ALWAYS;
}
