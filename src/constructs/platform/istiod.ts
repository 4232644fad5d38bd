import { Construct } from 'constructs';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { isMarked } from '../objects/brand';
import { checkedId } from '../objects/check-argument';
import type { JsonValues } from '../objects/json-values';
import { refuse, refuseIf, show } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { flag, isPlain, list, oneOf, Struct, text } from '../objects/struct';
import { ISTIOD } from './control-plane';
import { announceIstiod } from './installed-istio';
import { AccessLog, type ControlPlaneOptions, DataPlaneMode } from './istio-options';
import {
  checkImages,
  checkRevision,
  deliver,
  FAIL_CLOSED,
  IMAGE_FIELDS,
  ISTIO_NAMESPACE,
  type IstioImageOptions,
  type IstioPartProps,
  PART_FIELDS,
  refuseInValues,
  refuseProfile,
} from './istio-part';
import { POD_FIELDS, replicasOf, resourceValues } from './pod-values';

/**
 * What an Istiod is made of.
 */
export interface IstiodProps extends IstioPartProps, IstioImageOptions, ControlPlaneOptions {
  /**
   * The revision: a name of this control plane, such as `1-31`, by which several can run side by side.
   *
   * @default - none: the only one, or the one that namespaces with `istio-injection: enabled` mean
   */
  readonly revision?: string;

  /**
   * Other names of this control plane, which namespaces can name in place of the revision. `default` is what namespaces with
   * `istio-injection: enabled` mean.
   *
   * @default - none
   */
  readonly revisionTags?: string[];

  /**
   * What carries the traffic of the pods. AMBIENT needs an IstioCni and a Ztunnel, here or from elsewhere: that they are there is
   * not looked at. It still injects sidecars where a namespace asks for them.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;

  /**
   * Whether the CNI plugin (IstioCni) redirects the pods' traffic, and not an init container with NET_ADMIN and NET_RAW, which
   * the Pod Security Standards 'baseline' and 'restricted' refuse. That the plugin is there is not looked at.
   *
   * @default - true in ambient mode, else false
   */
  readonly cni?: boolean;

  /**
   * What the proxies write of each request, on stdout.
   *
   * @default AccessLog.NONE
   */
  readonly accessLog?: AccessLog;
}

const PROPS = new Struct<IstiodProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...PART_FIELDS,
  ...IMAGE_FIELDS,
  ...POD_FIELDS,
  revision: text,
  revisionTags: list(text, "['stable']"),
  dataPlane: oneOf(DataPlaneMode),
  cni: flag,
  accessLog: oneOf(AccessLog),
});

/**
 * The control plane: gives the proxies their configuration and certificates, injects sidecars, and validates objects. Its pods keep
 * to the Pod Security Standard 'restricted'.
 */
export class Istiod extends Construct {
  /** @internal */
  public static _is(value: unknown): value is Istiod {
    return isMarked(value, ISTIOD);
  }

  /** The namespace of its pods. */
  public readonly namespace: string;

  /** The revision; undefined where it has none. */
  public readonly revision?: string;

  /** What carries the traffic of the pods. */
  public readonly dataPlane: DataPlaneMode;

  /** Whether the CNI plugin redirects the pods' traffic. */
  public readonly cni: boolean;

  private readonly tags: readonly string[];

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param props The charts, and what differs from them.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: IstiodProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      const { namespace = ISTIO_NAMESPACE, revision, revisionTags = [], dataPlane = DataPlaneMode.SIDECAR } = given;
      this.checkRevisions(revision, revisionTags);
      checkImages(this, given);
      this.refuseValues(given.values);
      const { values } = deliver(this, given, {
        name: revision === undefined ? 'istiod' : `istiod-${revision}`,
        chart: 'istiod',
        namespace,
        values: this.valuesOf({ ...given, namespace, dataPlane }),
      });
      this.namespace = namespace;
      this.revision = revision;
      this.tags = revisionTags;
      this.dataPlane = dataPlane;
      this.cni = isPlain(values.cni) && values.cni.enabled === true;
      announceIstiod(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }

  private refuseValues(values: JsonValues | undefined): void {
    refuseInValues(this, values, 'revision');
    refuseInValues(this, values, 'revisionTags');
    refuseInValues(this, values, 'global.istioNamespace', 'namespace');
    refuseProfile(this, values);
    if (values?.pilot !== undefined) {
      refuse(
        this,
        'values: pilot is where earlier releases had these values, and what is in it would be put over those of the props; write what it has at the top level.',
      );
    }
  }

  /** Other names of this control plane. A copy. */
  public get revisionTags(): string[] {
    return [...this.tags];
  }

  private checkRevisions(revision: string | undefined, tags: readonly string[]): void {
    checkRevision(this, 'revision', revision);
    if (revision === 'default') {
      refuse(
        this,
        "revision 'default' is Istio's word for a control plane without a revision; leave revision out, or for one that namespaces with istio-injection: enabled mean set revisionTags: ['default'].",
      );
    }
    for (const [index, tag] of tags.entries()) {
      refuseIf(this, `revisionTags[${index}]`, tag, complaintAboutDnsLabel(tag));
      if (tags.indexOf(tag) !== index || tag === (revision ?? 'default')) {
        refuse(this, `revisionTags[${index}] ${show(tag)} names this control plane already; leave it out.`);
      }
    }
  }

  private valuesOf(given: IstiodProps & { readonly namespace: string; readonly dataPlane: DataPlaneMode }): JsonValues {
    const { namespace, revision, revisionTags, dataPlane, accessLog, hub, tag } = given;
    const isAmbient = dataPlane === DataPlaneMode.AMBIENT;
    const { cni = isAmbient } = given;
    if (isAmbient && !cni) {
      refuse(this, 'cni false leaves ambient mode without the plugin that leads traffic to ztunnel; leave cni out.');
    }
    return {
      ...FAIL_CLOSED,
      profile: isAmbient ? 'ambient' : undefined,
      revision,
      revisionTags,
      cni: cni ? { enabled: true } : undefined,
      global: { istioNamespace: namespace, hub, tag },
      meshConfig: accessLogValues(accessLog),
      resources: resourceValues(this, given.resources),
      // Without it, its pods are not what 'restricted' asks for.
      seccompProfile: { type: 'RuntimeDefault' },
      ...this.replicaValues(given),
    };
  }

  private replicaValues(given: ControlPlaneOptions): JsonValues {
    const replicas = replicasOf(this, given);
    if (replicas === undefined) {
      return {};
    }
    const { min, max } = replicas;
    return min === max
      ? { autoscaleEnabled: false, replicaCount: min }
      : { autoscaleEnabled: true, autoscaleMin: min, autoscaleMax: max };
  }
}

function accessLogValues(log: AccessLog | undefined): JsonValues | undefined {
  if (log === undefined) {
    return undefined;
  }
  return log === AccessLog.NONE ? { accessLogFile: '' } : { accessLogFile: '/dev/stdout', accessLogEncoding: log };
}
