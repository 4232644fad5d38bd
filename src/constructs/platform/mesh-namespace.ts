import { ApiObject, JsonPatch } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { complaintAboutLabelValue } from '../../syntax/names';
import { checkedId } from '../objects/check-argument';
import { putNamespacesFirst } from '../objects/namespace-first';
import { METADATA_FIELDS, type MetadataOptions, metadataOf } from '../objects/object-options';
import { writeInFull } from '../objects/plus-object';
import { refuse, refuseIf } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { oneOf, Struct, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { DataPlaneMode } from './istio-options';

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
   * The revision of the control plane that injects the sidecars, where Istio was installed with revisions.
   *
   * @default - the default revision, by the label `istio-injection: enabled`
   */
  readonly revision?: string;

  /**
   * What carries the traffic of its pods.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;

  /**
   * The Pod Security Standard that its pods must keep to: the API server refuses others.
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

/**
 * A namespace whose pods get Istio's sidecar. All that lives in it comes after it, since pods that are there before get none,
 * and so do the charts that hold it.
 */
export class MeshNamespace extends Construct {
  /** The name of the namespace. */
  public readonly name: string;

  /** The Namespace. */
  public readonly resource: Namespace;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name.
   * @param props The name and the revision.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: MeshNamespaceProps = {}) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      this.name = given.name ?? id;
      const metadata = metadataOf(this, given, { name: this.name, labels: this.injectionFor(given) });
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

  private injectionFor({ labels, revision }: MeshNamespaceProps): { readonly [key: string]: string } {
    if (revision !== undefined) {
      refuseIf(this, 'revision', revision, complaintAboutLabelValue(revision));
    }
    // Never both: Istio reports that as a conflict (IST0123).
    const other = revision === undefined ? 'istio.io/rev' : 'istio-injection';
    if (labels?.[other] !== undefined) {
      refuse(
        this,
        `label '${other}' and the one that the construct gives contradict each other; for a revision set revision, and leave the label out.`,
      );
    }
    return revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision };
  }
}
