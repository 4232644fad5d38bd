import { ApiObject, type ApiObjectMetadata, Duration } from 'cdk8s';
import {
  type Container,
  type Deployment,
  HorizontalPodAutoscaler,
  LabelSelector,
  Metric,
  MetricTarget,
  Pod,
  Service,
  ServiceAccount,
} from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  complaintAboutDnsLabel,
  complaintAboutDnsName,
  complaintAboutHttpPortName,
  complaintAboutLabelValue,
  complaintAboutPort,
  complaintAboutServiceName,
} from '../../syntax/names';
import { checkedId } from '../objects/check-argument';
import {
  type AppAndVersion,
  type FixedMetadata,
  type MetadataOptions,
  metadataOf,
  namespaceOf,
  type ObjectOptions,
  recommendedLabels,
} from '../objects/object-options';
import { writeInFull } from '../objects/plus-object';
import { refuse, refuseIf } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { watchForDuplicates } from '../objects/unique-objects';
import type { CallerIdentity, ICaller } from '../security/caller';
import { addAppContainer, CONTAINER_PORT_NAME } from './app-container';
import { checkWorkload, DEFAULT_MIN_REPLICAS, DEFAULT_REPLICAS, mostPods } from './check-workload';
import { DEFAULT_DRAIN_SECONDS } from './drain';
import { EXPOSE, type ExposeOptions, FLASK_LIKE_APP, type FlaskLikeAppProps } from './flask-like-app-options';
import { hardenPods } from './harden-pods';
import { HardenedDeployment } from './hardened-deployment';
import { RunAs } from './run-as';
import type { AutoscalingOptions } from './workload-options';

/** The port of Flask's development server. */
const DEFAULT_PORT = 5000;

/**
 * One version of one HTTP web app, of the kind that Flask, FastAPI, Express or Hono makes: one process, one port, no state.
 *
 * Makes a Deployment that passes the Pod Security Standard "restricted", checks its health, ends gracefully and, with two
 * pods or more, spreads over nodes under a PodDisruptionBudget. Its pods have a ServiceAccount of their own.
 */
export class FlaskLikeApp extends Construct implements ICaller {
  /** The name of the Deployment. */
  public readonly name: string;

  /** The port that the app listens on. */
  public readonly port: number;

  /** The name of the ServiceAccount of its pods, in the namespace of the pods. */
  public readonly serviceAccountName: string;

  /** The Deployment; all of cdk8s-plus is within reach through it. */
  public readonly deployment: Deployment;

  /** The container of the app. */
  public readonly container: Container;

  /** The ServiceAccount that was made for the pods; none where `serviceAccountName` names one. */
  public readonly serviceAccount?: ApiObject;

  /** The PodDisruptionBudget, with two pods or more. */
  public readonly podDisruptionBudget?: ApiObject;

  /** The autoscaler, where `autoscaling` is set. */
  public readonly autoscaler?: HorizontalPodAutoscaler;

  /** The labels that select the pods of this app, and no others. A copy. */
  public get selectorLabels(): { readonly [key: string]: string } {
    return { ...this.selector };
  }

  private readonly selector: { readonly [key: string]: string };
  private readonly namespace?: string;
  private readonly options: MetadataOptions;
  private readonly partOf: AppAndVersion;
  private service?: Service;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name of the Deployment.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: FlaskLikeAppProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = FLASK_LIKE_APP.read(this, '', props);
      checkWorkload(this, given);
      this.name = given.name ?? id;
      refuseIf(this, 'name', this.name, complaintAboutDnsLabel(this.name));
      this.port = given.port ?? DEFAULT_PORT;
      this.namespace = namespaceOf(this, given.namespace);
      this.options = { labels: given.labels, annotations: given.annotations };
      this.selector = this.selectorFor(given);
      this.partOf = { app: this.selector.app, version: given.version };

      // Checked once for all objects that are called alike.
      const metadata = this.metadataFor();
      // Made before the Deployment, and so written before it.
      this.serviceAccount = given.serviceAccountName === undefined ? this.makeServiceAccount(metadata) : undefined;
      this.serviceAccountName = given.serviceAccountName ?? this.name;
      this.deployment = this.makeDeployment(given, metadata);
      this.container = addAppContainer(this, given);
      const mayBeSeveral = mostPods(given) > 1;
      hardenPods(this.deployment, { spread: mayBeSeveral, selector: this.selector });
      const ofBudget = given.podDisruptionBudget === undefined ? metadata : this.metadataFor(given.podDisruptionBudget);
      this.podDisruptionBudget = mayBeSeveral ? this.makePodDisruptionBudget(ofBudget) : undefined;
      this.autoscaler = given.autoscaling && this.makeAutoscaler(given.autoscaling);
      watchForDuplicates(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }

  /**
   * By what services know this app, as a caller of theirs.
   *
   * @throws Error when its namespace is not known.
   */
  public callerIdentity(): CallerIdentity {
    if (this.namespace === undefined) {
      refuse(
        this,
        'is a caller, but has no namespace, and callers are known by theirs; set namespace on the app or on its chart.',
      );
    }
    return { namespace: this.namespace, serviceAccounts: [this.serviceAccountName], podLabels: this.selectorLabels };
  }

  /**
   * Makes a Service for the app on its own. Behind a VersionedService it has one already.
   *
   * @param options The name, port and type of the Service.
   * @throws Error when the app is exposed already, or an option is wrong.
   */
  public expose(options: ExposeOptions = {}): Service {
    const given = EXPOSE.read(this, 'expose', options);
    if (this.service !== undefined) {
      refuse(
        this,
        `expose: the app is exposed already, by Service '${this.service.name}'; make a second cdk8s-plus Service if it needs two.`,
      );
    }
    const { port = 80, portName = CONTAINER_PORT_NAME, nodePort, serviceType: type } = given;
    refuseIf(this, 'expose: port', port, complaintAboutPort(port));
    refuseIf(this, 'expose: portName', portName, complaintAboutHttpPortName(portName));
    this.checkNodePort(given);
    this.service = new Service(this, 'Service', {
      metadata: this.metadataFor(given, complaintAboutServiceName),
      type,
      ports: [{ port, targetPort: this.port, nodePort, name: portName }],
    });
    writeInFull(this.service);
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

  private selectorFor({ app = this.name, version }: FlaskLikeAppProps): { readonly [key: string]: string } {
    refuseIf(this, 'app', app, complaintAboutLabelValue(app));
    if (version === undefined) {
      return { app };
    }
    refuseIf(this, 'version', version, complaintAboutLabelValue(version));
    return { app, version };
  }

  private selectorOfDeployment({ selector = this.selector }: FlaskLikeAppProps): { readonly [key: string]: string } {
    for (const [key, value] of Object.entries(this.selector)) {
      if (selector[key] !== undefined && selector[key] !== value) {
        refuse(
          this,
          `selector '${key}' is '${selector[key]}', but the pods carry '${value}', so it would select none of them; set ${key} to the same.`,
        );
      }
    }
    return selector;
  }

  /** The metadata of an object, with the app's own name, labels and annotations where `more` has no others. */
  private metadataFor(more: ObjectOptions = {}, complaintAboutName = complaintAboutDnsLabel): ApiObjectMetadata {
    const fixed: FixedMetadata = {
      name: more.name ?? this.name,
      namespace: this.namespace,
      labels: this.selector,
      partOf: this.partOf,
    };
    const labels = more.labels ? { ...this.options.labels, ...more.labels } : this.options.labels;
    const annotations = more.annotations
      ? { ...this.options.annotations, ...more.annotations }
      : this.options.annotations;
    return metadataOf(this, { labels, annotations }, fixed, complaintAboutName);
  }

  private makeServiceAccount(metadata: ApiObjectMetadata): ApiObject {
    return new ApiObject(this, 'ServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: false,
    });
  }

  private makeDeployment(props: FlaskLikeAppProps, metadata: ApiObjectMetadata): Deployment {
    const runAs = props.runAs ?? RunAs.imageUser();
    const selector = this.selectorOfDeployment(props);
    const account = this.serviceAccountName;
    refuseIf(this, 'serviceAccountName', account, complaintAboutDnsName(account));
    // cdk8s-plus finds pods by this label (connections, scheduling). A hash of the path by default, here the fixed name.
    const address = selector[Pod.ADDRESS_LABEL] ?? this.name;
    const pods = metadataOf(
      this,
      // What the selector of a Helm chart asks for takes the place of what is recommended.
      {
        labels: { ...recommendedLabels(this.partOf), ...props.selector, ...props.podLabels },
        annotations: props.podAnnotations,
      },
      { name: this.name, labels: { ...selector, [Pod.ADDRESS_LABEL]: address, ...this.selector } },
    );
    const deployment = new HardenedDeployment(this, 'Deployment', {
      metadata,
      // A selector of our own: cdk8s-plus derives its from the path in the tree, and a selector can never change again.
      select: false,
      podMetadata: { labels: pods.labels, annotations: pods.annotations },
      replicas: props.autoscaling ? undefined : (props.replicas ?? DEFAULT_REPLICAS),
      securityContext: { ensureNonRoot: runAs.nonRoot, user: runAs.uid, group: runAs.gid },
      terminationGracePeriod: this.terminationGracePeriod(props),
      serviceAccount: ServiceAccount.fromServiceAccountName(this, 'Account', account),
      automountServiceAccountToken: false,
    });
    writeInFull(deployment);
    deployment.select(LabelSelector.of({ labels: { ...selector } }));
    deployment.podMetadata.addLabel(Pod.ADDRESS_LABEL, address);
    return deployment;
  }

  private makePodDisruptionBudget(metadata: ApiObjectMetadata): ApiObject {
    return new ApiObject(this, 'PodDisruptionBudget', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: this.selectorLabels } },
    });
  }

  private makeAutoscaler(options: AutoscalingOptions): HorizontalPodAutoscaler {
    const autoscaler = new HorizontalPodAutoscaler(this, 'Autoscaler', {
      metadata: this.metadataFor({ name: options.name }),
      target: this.deployment,
      minReplicas: options.minReplicas ?? DEFAULT_MIN_REPLICAS,
      maxReplicas: options.maxReplicas,
      metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(options.targetCpuPercent ?? 70))],
    });
    writeInFull(autoscaler);
    return autoscaler;
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
}
