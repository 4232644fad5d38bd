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
}

function withoutCapabilities(props: ContainerProps): ContainerProps {
  return { ...props, securityContext: { capabilities: { drop: [ALL as Capability] }, ...props.securityContext } };
}
