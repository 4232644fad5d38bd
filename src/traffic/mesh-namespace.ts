import { ApiObject, JsonPatch } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { type MetadataOptions, metadataOf } from '../objects/object-options';
import { refuseIf } from '../objects/refuse';
import { watchForDuplicates } from '../objects/unique-objects';
import { complaintAboutLabelValue } from '../syntax/names';

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
 * A namespace whose pods get Istio's sidecar. Make it first, so that it is applied first: pods that are there before get none.
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
    super(scope, id);
    watchForDuplicates(this);
    this.name = props.name ?? id;
    if (props.revision !== undefined) {
      refuseIf(this, 'revision', props.revision, complaintAboutLabelValue(props.revision));
    }
    // Never both: Istio reports that as a conflict (IST0123).
    const injection: { readonly [key: string]: string } =
      props.revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': props.revision };
    const metadata = metadataOf(this, props, { name: this.name, labels: injection });
    this.resource = new Namespace(this, 'Namespace', { metadata });
    // A chart gives its namespace to every object; on a Namespace the API server refuses it.
    ApiObject.of(this.resource).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}
