import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';

const BRAND = brandOf('RunAs');

/**
 * The user that the process of an app runs as.
 */
export class RunAs {
  /**
   * The user that the image names with `USER`. It has to be numeric and not 0: the kubelet cannot tell whether a user
   * that is given by name is root, and refuses to start the container (`CreateContainerConfigError`).
   */
  public static imageUser(): RunAs {
    return new RunAs(true);
  }

  /**
   * A user of one's own choice, for images that name none, or name it in letters.
   *
   * @param uid Numeric user id, 1 or more.
   * @param gid Numeric group id, 1 or more. Default: the same as `uid`.
   * @throws Error when an id is not a whole number of 1 or more.
   */
  public static user(uid: number, gid: number = uid): RunAs {
    for (const id of [uid, gid]) {
      if (!Number.isInteger(id) || id < 1 || id > 2147483647) {
        throw new Error(
          `RunAs.user: ${show(id)} is not a user or group id from 1 to 2147483647; for an image that must run as root, write RunAs.root().`,
        );
      }
    }
    return new RunAs(true, uid, gid);
  }

  /**
   * Root, for an image that works as nothing else.
   *
   * What it costs: the pod no longer passes the Pod Security Standard "restricted" and is refused in namespaces that
   * enforce it, and a process that breaks out of its container is root on the node. Its capabilities stay dropped and its
   * root filesystem stays read-only.
   */
  public static root(): RunAs {
    return new RunAs(false, 0, 0);
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is RunAs {
    return isMarked(value, BRAND);
  }

  private constructor(
    /** Whether Kubernetes is to refuse a container that would run as root. */
    public readonly nonRoot: boolean,
    /**
     * The numeric user id.
     *
     * @default - the image's
     */
    public readonly uid?: number,
    /**
     * The numeric group id.
     *
     * @default - the image's
     */
    public readonly gid?: number,
  ) {
    mark(this, BRAND);
  }
}
