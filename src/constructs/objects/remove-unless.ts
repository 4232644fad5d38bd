import type { IConstruct } from 'constructs';

/**
 * What `build` returns. When it throws, the construct is taken out of the tree again, where it stands before its props are
 * looked at: left there, it would be written, and be in the way of a second try.
 */
export function removeUnless<T>(construct: IConstruct, build: () => T): T {
  try {
    return build();
  } catch (error) {
    removeFromScope(construct);
    throw error;
  }
}

/** For constructors, which can set their fields in no function but their own. */
export function removeFromScope({ node }: IConstruct): void {
  // By its own id: the tree writes another character for the '/' of one that was given.
  node.scope?.node.tryRemoveChild(node.id);
}
