import { ApiObject, JsonPatch } from 'cdk8s';
import { type Capability, type Container, type ContainerProps, Deployment } from 'cdk8s-plus-27';

/** Every one of them; cdk8s-plus-27 has words for single ones only. */
const ALL: string = 'ALL';

/**
 * A Deployment whose containers drop all capabilities, as the Pod Security Standard "restricted" asks of every container of a
 * pod: of those that a user adds, too. One that sets capabilities of its own keeps them.
 */
export class HardenedDeployment extends Deployment {
  public override addContainer(props: ContainerProps): Container {
    return super.addContainer(withoutCapabilities(props));
  }

  public override addInitContainer(props: ContainerProps): Container {
    return super.addInitContainer(withoutCapabilities(props));
  }

  /** Also called by `addContainer`. The security context of a container that is there already can only be patched. */
  public override attachContainer(container: Container): void {
    super.attachContainer(container);
    if (container.securityContext.capabilities === undefined) {
      const path = `/spec/template/spec/containers/${this.containers.length - 1}/securityContext/capabilities`;
      ApiObject.of(this).addJsonPatch(JsonPatch.add(path, { drop: [ALL] }));
    }
  }
}

function withoutCapabilities(props: ContainerProps): ContainerProps {
  const { capabilities = { drop: [ALL as Capability] }, ...securityContext } = props.securityContext ?? {};
  return { ...props, securityContext: { ...securityContext, capabilities } };
}
