import type { Construct } from 'constructs';

/**
 * What `build` returns. When it throws, the construct is taken out of the tree again, where it stands before its props are
 * looked at: left there, it would be written, and be in the way of a second try.
 */
export function removeUnless<T>(construct: Construct, build: () => T): T {
  try {
    return build();
  } catch (error) {
    construct.node.scope?.node.tryRemoveChild(construct.node.id);
    throw error;
  }
}
