import { ApiObject, JsonPatch } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { complaintAboutLabelValue } from '../../syntax/names';
import { checkedId } from '../objects/check-argument';
import { putNamespacesFirst } from '../objects/namespace-first';
import { METADATA_FIELDS, type MetadataOptions, metadataOf } from '../objects/object-options';
import { writeInFull } from '../objects/plus-object';
import { refuse, refuseIf, show } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { oneOf, Struct, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { DataPlaneMode } from './istio-options';
import { DATA_PLANE, INJECTION, POD_SECURITY, REVISION, WARN } from './namespace-labels';

/**
 * The levels of Kubernetes' Pod Security Standards.
 */
export enum PodSecurityLevel {
  /** Everything is allowed. */
  PRIVILEGED = 'privileged',

  /** What is known to lead out of a container is refused; so is the init container of a sidecar without the CNI plugin. */
  BASELINE = 'baseline',

  /** As hardened as pods can be. All that this library makes keeps to it. */
  RESTRICTED = 'restricted',
}

/**
 * What a MeshNamespace is made of.
 */
export interface MeshNamespaceProps extends MetadataOptions {
  /**
   * The name of the namespace.
   *
   * @default - the id of the construct
   */
  readonly name?: string;

  /**
   * The revision of the control plane that injects the sidecars, or one of its revision tags, where Istio was installed with
   * revisions. Not in ambient mode, where no sidecars are injected.
   *
   * @default - the default revision, by the label `istio-injection: enabled`
   */
  readonly revision?: string;

  /**
   * What carries the traffic of its pods. AMBIENT is the label `istio.io/dataplane-mode: ambient`, and asks for a control plane
   * in ambient mode.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;

  /**
   * The Pod Security Standard that its pods must keep to: the API server refuses others, and `kubectl apply` warns of workloads
   * that would have such pods. It is that of the API server's own release; the label `pod-security.kubernetes.io/enforce-version`
   * pins another. BASELINE and RESTRICTED ask for the CNI plugin where pods get sidecars.
   *
   * @default - that of the cluster, as a rule privileged
   */
  readonly podSecurity?: PodSecurityLevel;
}

const PROPS = new Struct<MeshNamespaceProps>("{ name: 'apis' }", {
  ...METADATA_FIELDS,
  name: text,
  revision: text,
  dataPlane: oneOf(DataPlaneMode),
  podSecurity: oneOf(PodSecurityLevel),
});

/** The labels of a namespace by which Istio takes its pods in. */
const SWITCHES = [INJECTION, REVISION, DATA_PLANE];

/**
 * A namespace whose pods are in the mesh: each with Istio's sidecar, or in ambient mode. All that lives in it comes after it,
 * since pods that are there before get no sidecar, and so do the charts that hold it.
 */
export class MeshNamespace extends Construct {
  /** The name of the namespace. */
  public readonly name: string;

  /** The Namespace. */
  public readonly resource: Namespace;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: MeshNamespaceProps = {}) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      this.name = given.name ?? id;
      const { podSecurity: level } = given;
      const labels = { ...this.switchFor(given), ...(level !== undefined && { [POD_SECURITY]: level }) };
      const options = level === undefined ? given : { ...given, labels: { [WARN]: level, ...given.labels } };
      const metadata = metadataOf(this, options, { name: this.name, labels });
      this.resource = new Namespace(this, 'Namespace', { metadata });
      writeInFull(this.resource);
      // A chart gives its namespace to every object; on a Namespace the API server refuses it.
      ApiObject.of(this.resource).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
      watchForDuplicates(this);
      putNamespacesFirst(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }

  /** The one of the labels that Istio goes by. Never two: Istio reports that as a conflict (IST0123). */
  private switchFor({ labels = {}, revision, dataPlane }: MeshNamespaceProps): { readonly [key: string]: string } {
    const [key, value] = this.switchOf(revision, dataPlane);
    const other = SWITCHES.find((label) => label !== key && labels[label] !== undefined);
    if (other !== undefined) {
      refuse(
        this,
        `label '${other}' and '${key}: ${value}', which the construct gives, contradict each other; set revision or dataPlane, and leave the label out.`,
      );
    }
    return { [key]: value };
  }

  private switchOf(revision: string | undefined, dataPlane = DataPlaneMode.SIDECAR): [key: string, value: string] {
    if (revision !== undefined) {
      refuseIf(this, 'revision', revision, complaintAboutLabelValue(revision));
    }
    if (dataPlane === DataPlaneMode.AMBIENT) {
      if (revision !== undefined) {
        refuse(
          this,
          `revision ${show(revision)} would have sidecars injected, and a pod with one is not in ambient mode; leave out revision, or dataPlane.`,
        );
      }
      return [DATA_PLANE, 'ambient'];
    }
    return revision === undefined ? [INJECTION, 'enabled'] : [REVISION, revision];
  }
}
