import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s, Service, ServiceType } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  complaintAboutDnsLabel,
  complaintAboutDnsName,
  complaintAboutHttpPortName,
  complaintAboutLabelValue,
  complaintAboutPort,
  complaintAboutServiceName,
  toDnsLabel,
} from '../../syntax/names';
import { brandOf, isMarked, mark } from '../objects/brand';
import { checkedId, checkOneOf, checkOptions } from '../objects/check-argument';
import { istioObject } from '../objects/istio-object';
import { metadataOf, namespaceOf, type ObjectOptions } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { RoutingApi } from '../objects/routing-api';
import { watchForDuplicates } from '../objects/unique-objects';
import { addValidation } from '../objects/validation';
import type { CallerIdentity, ICaller } from '../security/caller';
import { CONTAINER_PORT_NAME, FlaskLikeApp, type FlaskLikeAppProps } from './flask-like-app';
import { ServiceVersion } from './service-version';
import { VersionedBy, type VersionedServiceProps, type VersionOptions } from './versioned-service-options';

/**
 * A sidecar is told to end together with its app, and by default ends five seconds later, whatever it still carries. With this
 * it waits until nothing is under way. Native sidecars, which end after the app, do not need it and are not harmed.
 */
const KEEP_SIDECAR_WHILE_BUSY = {
  'proxy.istio.io/config': '{"proxyMetadata":{"EXIT_ON_ZERO_ACTIVE_CONNECTIONS":"true"}}',
};

const BRAND = brandOf('VersionedService');

/**
 * One DNS name, several versions: one Service over all of them, one FlaskLikeApp for each, and what a route needs to tell
 * them apart.
 */
export class VersionedService extends Construct implements ICaller {
  /** The name of the Service. */
  public readonly name: string;

  /** The namespace; undefined leaves it to `kubectl apply -n`. */
  public readonly namespace?: string;

  /** The port of the Service, and of the Services of its versions. */
  public readonly port: number;

  /** How a route tells the versions apart. */
  public readonly versionedBy: VersionedBy;

  /** The domain of the cluster, for names in full. */
  public readonly clusterDomain: string;

  /** The Service over all versions. */
  public readonly service: Service;

  /** The DestinationRule, under `VersionedBy.SUBSETS`. */
  public readonly destinationRule?: ApiObject;

  private readonly props: VersionedServiceProps;
  private readonly app: string;
  private readonly known = new Map<string, ServiceVersion>();

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is VersionedService {
    return isMarked(value, BRAND);
  }

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the DNS name of the service.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: VersionedServiceProps = {}) {
    super(scope, checkedId(scope, id));
    mark(this, BRAND);
    checkOptions(this, 'the argument', props, '{ port: 80 }');
    watchForDuplicates(this);
    this.props = props;
    this.name = props.name ?? id;
    refuseIf(this, 'name', this.name, complaintAboutServiceName(this.name));
    this.namespace = namespaceOf(this, props.namespace);
    this.app = props.app ?? this.name;
    refuseIf(this, 'app', this.app, complaintAboutLabelValue(this.app));
    this.port = props.port ?? 80;
    refuseIf(this, 'port', this.port, complaintAboutPort(this.port));
    if (props.targetPort !== undefined) {
      refuseIf(this, 'targetPort', props.targetPort, complaintAboutPort(props.targetPort));
    }
    checkOneOf(this, 'versionedBy', props.versionedBy, VersionedBy);
    this.versionedBy = props.versionedBy ?? VersionedBy.SUBSETS;
    this.clusterDomain = props.clusterDomain ?? 'cluster.local';
    refuseIf(this, 'clusterDomain', this.clusterDomain, complaintAboutDnsName(this.clusterDomain));
    checkOneOf(this, 'serviceType', props.serviceType, ServiceType);
    this.service = this.makeService(this, 'Service', {
      labels: props.labels,
      annotations: props.annotations,
      name: this.name,
      serviceType: props.serviceType,
      selector: { app: this.app },
    });
    if (this.versionedBy === VersionedBy.SUBSETS) {
      this.destinationRule = this.makeDestinationRule();
    }
    addValidation(this, () => this.complaintsAtSynth());
  }

  /** The versions, in the order in which they were added. A copy. */
  public get versions(): ServiceVersion[] {
    return [...this.known.values()];
  }

  /**
   * Adds a version, and returns the handle by which routes name it.
   *
   * @param version The version, as in `v1` or `1.4.0`; the label `version` carries it as it stands. Names of objects and
   * subsets, where '.' and '_' are not allowed, carry it as a DNS label: `1.4_rc` becomes `1-4-rc`.
   * @param options What it is made of.
   * @throws Error when the service has that version already, or one that would have the same names; when the version is not
   * a label value; when an option is wrong.
   */
  public addVersion(version: string, options: VersionOptions): ServiceVersion {
    const label = this.checkedVersion(version, options);
    try {
      const added = this.makeVersion(version, label, options);
      this.known.set(version, added);
      return added;
    } catch (error) {
      // A construct is in the tree before its props are looked at. Left there, it would be in the way of a second try.
      this.node.tryRemoveChild(version);
      throw error;
    }
  }

  /**
   * The version of that name.
   *
   * @param version The version, as it was given to `addVersion`.
   * @throws Error when there is none, naming those that there are.
   */
  public version(version: string): ServiceVersion {
    const found = this.known.get(version);
    if (found === undefined) {
      const names = [...this.known.keys()].map(show).join(', ') || 'none yet';
      refuse(this, `version ${show(version)} is not known; the versions are: ${names}. Add it with addVersion first.`);
    }
    return found;
  }

  /**
   * The host by which a route in `namespace` names the service: the short name within one namespace, else the full one,
   * since Istio reads a short name in the namespace of the object that holds it.
   *
   * @param namespace The namespace of the VirtualService. Default: none given.
   * @throws Error when the name has to be in full and the service has no namespace.
   */
  public hostFrom(namespace?: string): string {
    return this._hostOf(this.name, namespace);
  }

  /**
   * By what services know the pods of all its versions.
   *
   * @throws Error when the service has no namespace.
   */
  public callerIdentity(): CallerIdentity {
    if (this.namespace === undefined) {
      refuse(
        this,
        'has no namespace, and it is by their namespace that services know callers; set namespace on the service or on its chart.',
      );
    }
    const accounts = this.versions.map(({ app }) => app.deployment.serviceAccount?.name ?? 'default');
    return { namespace: this.namespace, serviceAccounts: [...new Set(accounts)], podLabels: { app: this.app } };
  }

  /**
   * The labels that the pods of all versions carry, and no others do; undefined where they are not known.
   *
   * @internal
   */
  public _pods(): { readonly [key: string]: string } | undefined {
    return { app: this.app };
  }

  /**
   * The same for any Service of this construct.
   *
   * @internal
   */
  public _hostOf(serviceName: string, namespace?: string): string {
    if (namespace === this.namespace) {
      return serviceName;
    }
    if (this.namespace === undefined) {
      refuse(
        this,
        `is routed to from namespace '${namespace}' but has none of its own, so its DNS name is not known; set namespace on the service or on its chart.`,
      );
    }
    return `${serviceName}.${this.namespace}.svc.${this.clusterDomain}`;
  }

  private checkedVersion(version: string, options: VersionOptions): string {
    refuseIf(this, 'version', version, complaintAboutLabelValue(version));
    checkOptions(this, `version '${version}':`, options, "{ image: 'ghcr.io/acme/apis:1.4.0' }");
    if (this.known.has(version)) {
      refuse(this, `version '${version}' is there already; each version is added once.`);
    }
    if (this.node.tryFindChild(version) !== undefined) {
      refuse(this, `version '${version}' is called like a part of every service; call it something else.`);
    }
    const label = options.subset ?? toDnsLabel(version);
    refuseIf(this, 'subset', label, complaintAboutDnsLabel(label));
    const twin = this.versions.find((other) => (other.subset ?? toDnsLabel(other.version)) === label);
    if (twin !== undefined) {
      refuse(
        this,
        `version '${version}' and version '${twin.version}' would both be called '${label}' in names of objects; set subset on one of them.`,
      );
    }
    return label;
  }

  private makeVersion(version: string, label: string, options: VersionOptions): ServiceVersion {
    // No spread of the options: V8 makes a new class of object for each key that follows one.
    const props: FlaskLikeAppProps = Object.assign({}, options, {
      name: options.name ?? `${this.name}-${label}`,
      namespace: this.namespace,
      app: this.app,
      version,
      labels: { ...this.props.labels, ...options.labels },
      annotations: { ...this.props.annotations, ...options.annotations },
      podAnnotations: { ...KEEP_SIDECAR_WHILE_BUSY, ...options.podAnnotations },
    });
    const app = new FlaskLikeApp(this, version, props);
    if (this.props.targetPort !== undefined && app.port !== this.props.targetPort) {
      refuse(
        app,
        `port ${app.port} is not the service's targetPort ${this.props.targetPort}, so no request would arrive; make them equal, or leave out targetPort.`,
      );
    }
    return ServiceVersion._of({
      version,
      service: this,
      app,
      subset: this.versionedBy === VersionedBy.SUBSETS ? (options.subset ?? label) : undefined,
      ownService: this.versionedBy === VersionedBy.SERVICES ? this.makeServiceOf(app, version, options) : undefined,
    });
  }

  private makeServiceOf(app: FlaskLikeApp, version: string, options: VersionOptions): Service {
    if (options.service !== undefined) {
      checkOptions(this, `version '${version}': service`, options.service, "{ name: 'apis-beta' }");
    }
    // Within the app: beside it, its id could be that of another version.
    return this.makeService(app, 'OwnService', {
      name: options.service?.name ?? app.name,
      labels: { ...this.props.labels, ...options.labels, ...options.service?.labels },
      annotations: { ...this.props.annotations, ...options.annotations, ...options.service?.annotations },
      selector: app.selectorLabels,
    });
  }

  private makeService(
    scope: Construct,
    id: string,
    options: ObjectOptions & { name: string; serviceType?: ServiceType; selector: { readonly [key: string]: string } },
  ): Service {
    const portName = this.props.portName ?? 'http';
    refuseIf(this, 'portName', portName, complaintAboutHttpPortName(portName));
    const fixed = { name: options.name, namespace: this.namespace, labels: options.selector };
    const service = new Service(scope, id, {
      metadata: metadataOf(this, options, fixed, complaintAboutServiceName),
      type: options.serviceType,
      ports: [{ port: this.port, targetPort: this.props.targetPort, name: portName }],
    });
    for (const [key, value] of Object.entries(options.selector)) {
      service.selectLabel(key, value);
    }
    if (this.props.targetPort === undefined) {
      // cdk8s-plus has only numbers for it.
      const byName = k8s.IntOrString.fromString(CONTAINER_PORT_NAME);
      ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/ports/0/targetPort', byName));
    }
    return service;
  }

  private makeDestinationRule(): ApiObject {
    const options = this.props.destinationRule;
    if (options !== undefined) {
      checkOptions(this, 'destinationRule', options, "{ name: 'apis' }");
    }
    const labels = { ...this.props.labels, ...options?.labels };
    const annotations = { ...this.props.annotations, ...options?.annotations };
    const fixed = { name: options?.name ?? this.name, namespace: this.namespace, labels: { app: this.app } };
    const rule = istioObject(this, 'DestinationRule', {
      kind: 'DestinationRule',
      apiVersion: this.props.api ?? RoutingApi.ISTIO_V1,
      metadata: metadataOf(this, { labels, annotations }, fixed),
      spec: () => ({
        host: this.name,
        subsets: this.versions.map(({ subset = '', version }) => ({ name: subset, labels: { version } })),
      }),
    });
    return rule;
  }

  private complaintsAtSynth(): string[] {
    return this.known.size > 0
      ? []
      : [`the service has no version, so nothing would answer; add one with addVersion('v1', { image: … }).`];
  }
}
