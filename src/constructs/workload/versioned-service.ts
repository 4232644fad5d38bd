import type { ApiObject } from 'cdk8s';
import type { Service } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import { PODS } from '../../syntax/exists-elsewhere';
import {
  complaintAboutDnsLabel,
  complaintAboutDnsName,
  complaintAboutHttpPortName,
  complaintAboutLabelValue,
  complaintAboutPort,
  complaintAboutServiceName,
  toDnsLabel,
} from '../../syntax/names';
import { RETIRED_VERSIONS } from '../../syntax/retired-versions';
import { brandOf, isMarked, mark } from '../objects/brand';
import { checkedId } from '../objects/check-argument';
import { type MetadataOptions, namespaceOf } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { watchForDuplicates } from '../objects/unique-objects';
import { addValidation } from '../objects/validation';
import type { CallerIdentity, ICaller } from '../security/caller';
import { checkTrafficPolicy } from './check-traffic-policy';
import { istioPolicy, istioPolicyOfSubset, mergedPolicy } from './destination-rule';
import { checkExistingVersion, complaintsAboutUnused, labelsOfExisting } from './existing-version';
import { FlaskLikeApp } from './flask-like-app';
import type { FlaskLikeAppProps } from './flask-like-app-options';
import { type Common, makeDestinationRule, makeService } from './service-objects';
import { ServiceVersion } from './service-version';
import { refuseTlsToSidecar } from './tls-to-sidecar';
import type { TrafficPolicy } from './traffic-policy';
import {
  carriedByAll,
  checkGoesWith,
  checkOwnPods,
  checkSelector,
  checkToldApart,
  type Labels,
} from './version-labels';
import {
  EXISTING_VERSION_OPTIONS,
  type ExistingVersionOptions,
  VERSION_OPTIONS,
  VERSIONED_SERVICE_PROPS,
  VersionedBy,
  type VersionedServiceProps,
  type VersionOptions,
} from './versioned-service-options';

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
 * them apart. The Service, and the pods of a version, may also be somebody else's.
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

  /** The Service over all versions, unless it is there already. */
  public readonly service?: Service;

  /** The DestinationRule for the name of all versions: under `VersionedBy.SUBSETS`, or where `trafficPolicy` is set. */
  public readonly destinationRule?: ApiObject;

  private readonly props: VersionedServiceProps;
  private readonly common: Common;
  /** What the Service selects; undefined where nobody said so of an existing one. */
  private readonly selector?: Labels;
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
    try {
      this.props = VERSIONED_SERVICE_PROPS.read(this, '', props);
      const { existingService = false, selector } = this.props;
      this.name = this.props.name ?? id;
      refuseIf(this, 'name', this.name, complaintAboutServiceName(this.name));
      this.namespace = namespaceOf(this, this.props.namespace);
      const app = this.props.app ?? selector?.app ?? this.name;
      refuseIf(this, 'app', app, complaintAboutLabelValue(app));
      if (selector !== undefined) {
        checkSelector(this, selector, app);
      }
      this.selector = selector ?? (existingService ? undefined : { app });
      this.port = this.props.port ?? 80;
      this.checkPorts();
      this.versionedBy = this.props.versionedBy ?? VersionedBy.SUBSETS;
      this.clusterDomain = this.props.clusterDomain ?? 'cluster.local';
      refuseIf(this, 'clusterDomain', this.clusterDomain, complaintAboutDnsName(this.clusterDomain));
      this.checkUse();
      this.common = { owner: this, namespace: this.namespace, app, port: this.port, props: this.props };
      this.service = existingService ? undefined : this.makeServiceOfAll();
      this.destinationRule = this.makeRule();
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
    watchForDuplicates(this);
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
   * a label value; when an option is wrong. After that all is as before.
   */
  public addVersion(version: string, options: VersionOptions): ServiceVersion {
    this.checkVersion(version);
    const read = VERSION_OPTIONS.read(this.placeOf(version), '', options);
    const label = this.checkedLabel(version, read.subset);
    return this.orNothing(version, () => this.makeVersion(version, label, read));
  }

  /**
   * Adds a version whose pods somebody else makes, and returns the handle by which routes name it.
   *
   * @param version The version, as in `v1` or `1.4.0`.
   * @param options How its pods are known, or the Service that reaches them.
   * @throws Error when the service has that version already, or one that would have the same names; when its labels, as far as
   * is known, do not tell its pods from those of another version; when an option is wrong. After that all is as before.
   */
  public addExistingVersion(version: string, options: ExistingVersionOptions = {}): ServiceVersion {
    this.checkVersion(version);
    const read = EXISTING_VERSION_OPTIONS.read(this.placeOf(version), '', options);
    const label = this.checkedLabel(version, read.subset);
    return this.orNothing(version, () => this.takeVersion(version, label, read));
  }

  /**
   * The version of that name.
   *
   * @param version The version, as it was given to `addVersion` or `addExistingVersion`.
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
   * By what other services know it: its namespace, the ServiceAccounts of all its versions, and what it selects their pods by, as
   * far as the pods of all are known to carry it.
   *
   * @throws Error when the namespace is not known, or the ServiceAccount of a version.
   */
  public callerIdentity(): CallerIdentity {
    const known = this._networkIdentity();
    const accounts = this.versions.map((version) => version.serviceAccountName ?? this.refuseUnknownAccount(version));
    return { ...known, serviceAccounts: [...new Set(accounts)] };
  }

  /**
   * The same for the network, which knows no ServiceAccounts: they need not be known.
   *
   * @internal
   */
  public _networkIdentity(): CallerIdentity {
    if (this.namespace === undefined) {
      refuse(
        this,
        'has no namespace, and it is by their namespace that services know callers; set namespace on the service or on its chart.',
      );
    }
    // Not what else they happen to share: the next version is to be let in before anything knows of it.
    const podLabels = carriedByAll(this.selector ?? { app: this.common.app }, this.versions);
    return {
      namespace: this.namespace,
      ...(Object.keys(podLabels).length > 0 && { podLabels }),
    };
  }

  /**
   * The host of any Service in the namespace of this construct.
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

  /**
   * The labels that the pods of all versions are to carry, and no others; undefined where they are not known.
   *
   * @internal
   */
  public _pods(): Labels | undefined {
    return this.selector;
  }

  /**
   * The labels and annotations of its objects.
   *
   * @internal
   */
  public _metadata(): MetadataOptions {
    return { labels: this.props.labels, annotations: this.props.annotations };
  }

  /**
   * How callers treat all versions.
   *
   * @internal
   */
  public _policy(): TrafficPolicy | undefined {
    return this.props.trafficPolicy;
  }

  /**
   * The hosts, as a route in `namespace` writes them, of Services of versions that somebody else makes.
   *
   * @internal
   */
  public _hostsElsewhere(namespace?: string): string[] {
    return this.versions
      .filter((version) => version._isReachedElsewhere())
      .map((version) => version._hostFrom(namespace));
  }

  private makeServiceOfAll(): Service {
    const { props, selector = {} } = this;
    return makeService(this, 'Service', this.common, { name: this.name, selector, serviceType: props.serviceType });
  }

  /** Where the options of a version stand, for sentences about them. */
  private placeOf(version: string): string {
    return `${this.node.path}: version '${version}'`;
  }

  private checkPorts(): void {
    const { targetPort, portName } = this.props;
    refuseIf(this, 'port', this.port, complaintAboutPort(this.port));
    if (targetPort !== undefined) {
      refuseIf(this, 'targetPort', targetPort, complaintAboutPort(targetPort));
    }
    if (portName !== undefined) {
      refuseIf(this, 'portName', portName, complaintAboutHttpPortName(portName));
    }
  }

  /** Throws on an option that would say something of an object which is not made. */
  private checkUse(): void {
    const { existingService, serviceType, portName, destinationRule, trafficPolicy } = this.props;
    const bySubsets = this.versionedBy === VersionedBy.SUBSETS;
    if (existingService && serviceType !== undefined) {
      refuse(
        this,
        `serviceType '${serviceType}' is for a Service that is made here, and existingService says that none is; leave it out.`,
      );
    }
    if (existingService && bySubsets && portName !== undefined) {
      refuse(
        this,
        `portName '${portName}' is for a Service that is made here, and existingService says that none is; leave it out.`,
      );
    }
    if (!bySubsets && destinationRule !== undefined && trafficPolicy === undefined) {
      refuse(
        this,
        'destinationRule is set, but by Services there is one only for a trafficPolicy, which is not set; leave it out.',
      );
    }
    if (trafficPolicy !== undefined) {
      checkTrafficPolicy(this, 'trafficPolicy', trafficPolicy);
    }
  }

  private checkVersion(version: string): void {
    refuseIf(this, 'version', version, complaintAboutLabelValue(version));
    if (this.known.has(version)) {
      refuse(this, `version '${version}' is there already; each version is added once.`);
    }
    if (this.node.tryFindChild(version) !== undefined) {
      refuse(this, `version '${version}' is called like a part of every service; call it something else.`);
    }
  }

  /** What stands for the version in names of objects. */
  private checkedLabel(version: string, subset: string | undefined): string {
    const label = subset ?? toDnsLabel(version);
    refuseIf(this, 'subset', label, complaintAboutDnsLabel(label));
    const twin = this.versions.find((other) => other._label() === label);
    if (twin !== undefined) {
      refuse(
        this,
        `version '${version}' and version '${twin.version}' would both be called '${label}' in names of objects; set subset on one of them.`,
      );
    }
    return label;
  }

  /** Adds what `make` returns. Where that throws, what it made is taken away, which would be in the way of a second try. */
  private orNothing(version: string, make: () => ServiceVersion): ServiceVersion {
    try {
      const added = make();
      checkToldApart(this, added, this.versions);
      checkOwnPods(this, added, this.versions);
      this.makeRuleOf(added);
      this.known.set(version, added);
      this.noteRetired(added);
      return added;
    } catch (error) {
      this.node.tryRemoveChild(version);
      throw error;
    }
  }

  private makeVersion(version: string, label: string, options: VersionOptions): ServiceVersion {
    this.checkMadeVersion(version, options);
    const podLabels = this.podLabels(options);
    const { subset, service, trafficPolicy, retired, ...workload } = options;
    // No spread of the options: V8 makes a new class of object for each key that follows one.
    const props: FlaskLikeAppProps = Object.assign(workload, {
      name: options.name ?? `${this.name}-${label}`,
      namespace: this.namespace,
      app: this.common.app,
      version,
      labels: { ...this.props.labels, ...options.labels },
      annotations: { ...this.props.annotations, ...options.annotations },
      podLabels,
      podAnnotations: { ...KEEP_SIDECAR_WHILE_BUSY, ...options.podAnnotations },
    });
    const app = new FlaskLikeApp(this, version, props);
    if (this.props.targetPort !== undefined && app.port !== this.props.targetPort) {
      refuse(
        app,
        `port ${app.port} is not the service's targetPort ${this.props.targetPort}, so no request would arrive; make them equal, or leave out targetPort.`,
      );
    }
    refuseTlsToSidecar(app, mergedPolicy(this.props.trafficPolicy, trafficPolicy), { ...options, podLabels });
    const ownService =
      this.versionedBy === VersionedBy.SERVICES ? this.makeServiceOf(app, version, options) : undefined;
    return ServiceVersion._of({
      version,
      service: this,
      label,
      app,
      subset: ownService === undefined ? label : undefined,
      ownService,
      serviceName: ownService?.name,
      labels: { ...options.selector, ...podLabels, ...app.selectorLabels },
      selecting: { version },
      serviceAccountName: app.serviceAccountName,
      metadata: { labels: options.labels, annotations: options.annotations },
      policy: trafficPolicy,
      retired: retired ?? false,
    });
  }

  private checkMadeVersion(version: string, options: VersionOptions): void {
    const bySubsets = this.versionedBy === VersionedBy.SUBSETS;
    if (options.trafficPolicy !== undefined) {
      checkTrafficPolicy(this, `version '${version}': trafficPolicy`, options.trafficPolicy);
    }
    if (bySubsets && options.service !== undefined) {
      refuse(
        this,
        `version '${version}': service is for the version's own Service, and by subsets there is none; leave it out, or set versionedBy to SERVICES.`,
      );
    }
    if (bySubsets && this.selector === undefined) {
      refuse(
        this,
        `version '${version}' is made here, but by existingService the Service '${this.name}' is somebody else's, and whether it reaches these pods is not known; set selector to what it selects, or versionedBy to SERVICES.`,
      );
    }
  }

  /** An existing Service under which versions have Services of their own may be that of one of them. */
  private podLabels(options: VersionOptions): Labels {
    const isOfOne = this.props.existingService === true && this.versionedBy === VersionedBy.SERVICES;
    const selector = isOfOne ? {} : (this.selector ?? {});
    checkGoesWith(this, 'podLabels', options.podLabels ?? {}, selector);
    return { ...selector, ...options.podLabels };
  }

  private takeVersion(version: string, label: string, options: ExistingVersionOptions): ServiceVersion {
    const { serviceName, trafficPolicy } = options;
    checkExistingVersion(this, version, options, { isSelectorKnown: this.selector !== undefined });
    if (trafficPolicy !== undefined) {
      checkTrafficPolicy(this, `version '${version}': trafficPolicy`, trafficPolicy);
    }
    const selecting = labelsOfExisting(version, options);
    const selector = serviceName === undefined ? (this.selector ?? {}) : {};
    checkGoesWith(this, `version '${version}': labels`, selecting, selector);
    const scope = new Construct(this, version);
    const labels = { ...selector, ...selecting };
    const isOurs = this.versionedBy === VersionedBy.SERVICES && serviceName === undefined;
    const ownService = isOurs
      ? makeService(scope, 'OwnService', this.common, {
          name: `${this.name}-${label}`,
          version,
          elsewhere: [PODS],
          selector: labels,
        })
      : undefined;
    return ServiceVersion._of({
      version,
      service: this,
      label,
      subset: this.versionedBy === VersionedBy.SUBSETS ? label : undefined,
      ownService,
      serviceName: serviceName ?? ownService?.name,
      labels,
      selecting,
      serviceAccountName: options.serviceAccountName,
      policy: trafficPolicy,
      retired: options.retired ?? false,
    });
  }

  private makeServiceOf(app: FlaskLikeApp, version: string, options: VersionOptions): Service {
    // Within the app: beside it, its id could be that of another version.
    return makeService(app, 'OwnService', this.common, {
      name: options.service?.name ?? app.name,
      version,
      more: [options, options.service],
      selector: app.selectorLabels,
    });
  }

  private makeRule(): ApiObject | undefined {
    const { destinationRule, trafficPolicy } = this.props;
    if (this.versionedBy === VersionedBy.SERVICES && trafficPolicy === undefined) {
      return undefined;
    }
    return makeDestinationRule(this, this.common, {
      name: destinationRule?.name ?? this.name,
      elsewhere: this.service === undefined ? [this.name] : undefined,
      more: [destinationRule],
      spec: () => this.spec(),
    });
  }

  private spec(): DestinationRuleSpec {
    if (this.versionedBy === VersionedBy.SERVICES) {
      // An existing Service of that name may be the one of a version.
      const version = this.versions.find((one) => one._serviceName() === this.name);
      return { host: this.name, trafficPolicy: istioPolicy(version?._effectivePolicy() ?? this.props.trafficPolicy) };
    }
    return {
      host: this.name,
      trafficPolicy: istioPolicy(this.props.trafficPolicy),
      subsets: this.versions.map((version) => ({
        name: version._label(),
        labels: version._selecting(),
        trafficPolicy: istioPolicyOfSubset(version._ownPolicy()),
      })),
    };
  }

  /** A Service of one version is another host, on which Istio does not look at the rule of the service. */
  private makeRuleOf(version: ServiceVersion): void {
    const host = version._serviceName();
    const trafficPolicy = istioPolicy(version._effectivePolicy());
    const isWritten = this.versionedBy === VersionedBy.SUBSETS || (host === this.name && this.destinationRule);
    if (!isWritten && trafficPolicy !== undefined) {
      const scope = this.node.findChild(version.version) as Construct;
      const spec = () => ({ host, trafficPolicy });
      const elsewhere = version._isReachedElsewhere() ? [host] : undefined;
      const more = [version._metadata()];
      version._ruledBy(
        makeDestinationRule(scope, this.common, { name: host, version: version.version, elsewhere, more, spec }),
      );
    }
  }

  private noteRetired(version: ServiceVersion): void {
    if (version.retired && this.versionedBy === VersionedBy.SUBSETS) {
      const labels = this.versions.filter(({ retired }) => retired).map((retired) => retired._label());
      this.destinationRule?.metadata.addAnnotation(RETIRED_VERSIONS, labels.join(','));
    } else if (version.retired) {
      version.ownService?.metadata.addAnnotation(RETIRED_VERSIONS, version._label());
    }
  }

  private refuseUnknownAccount({ version }: ServiceVersion): never {
    refuse(
      this,
      `calls other services, but the ServiceAccount of version '${version}' is not known, by which they would know it; set serviceAccountName where it is added.`,
    );
  }

  private complaintsAtSynth(): string[] {
    return this.known.size > 0
      ? complaintsAboutUnused(this, this.props)
      : [`the service has no version, so nothing would answer; add one with addVersion('v1', { image: … }).`];
  }
}
