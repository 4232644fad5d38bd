import { ApiObject, JsonPatch } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { complaintAboutLabelValue } from '../../syntax/names';
import { checkedId, checkOptions } from '../objects/check-argument';
import { putNamespacesFirst } from '../objects/namespace-first';
import { type MetadataOptions, metadataOf } from '../objects/object-options';
import { refuse, refuseIf } from '../objects/refuse';
import { watchForDuplicates } from '../objects/unique-objects';

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
}

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
    checkOptions(this, 'the argument', props, "{ name: 'apis' }");
    watchForDuplicates(this);
    putNamespacesFirst(this);
    this.name = props.name ?? id;
    if (props.revision !== undefined) {
      refuseIf(this, 'revision', props.revision, complaintAboutLabelValue(props.revision));
    }
    // Never both: Istio reports that as a conflict (IST0123).
    const other = props.revision === undefined ? 'istio.io/rev' : 'istio-injection';
    if (props.labels?.[other] !== undefined) {
      refuse(
        this,
        `label '${other}' and the one that the construct gives contradict each other; for a revision set revision, and leave the label out.`,
      );
    }
    const injection: { readonly [key: string]: string } =
      props.revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': props.revision };
    const metadata = metadataOf(this, props, { name: this.name, labels: injection });
    this.resource = new Namespace(this, 'Namespace', { metadata });
    // A chart gives its namespace to every object; on a Namespace the API server refuses it.
    ApiObject.of(this.resource).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}
