import { complaintAboutDnsName } from '../../syntax/names';
import { brandOf, isMarked, mark } from '../objects/brand';
import { refuse, refuseIf } from '../objects/refuse';
import { required, Struct, text } from '../objects/struct';

const BRAND = brandOf('KialiLogin');

/**
 * A key of a Secret that somebody else makes, in the namespace of the pods.
 */
export interface SecretKey {
  /** The name of the Secret. */
  readonly secretName: string;

  /**
   * The key within the Secret.
   *
   * @default 'key'
   */
  readonly key?: string;
}

const SECRET_KEY = new Struct<SecretKey>("{ secretName: 'kiali-signing-key' }", {
  secretName: required(text, "write the name of the Secret, as in 'kiali-signing-key'"),
  key: text,
});

/**
 * Who may look at Kiali.
 */
export class KialiLogin {
  /**
   * Everyone who reaches it, without a login: all see what Kiali's own account may read. Kiali signs nothing then, and needs no key.
   * Kubernetes decides who reaches it, by `kubectl port-forward`, and within the cluster every pod does.
   */
  public static anonymous(): KialiLogin {
    return new KialiLogin('anonymous');
  }

  /**
   * Who brings a token of Kubernetes, as `kubectl create token` makes it, and each sees what the token's account may read.
   *
   * @param signingKey The Secret with the key that Kiali encrypts its sessions with: 16, 24 or 32 bytes, or Kiali does not start. A key
   * that is made at synth would differ each time, and one in a manifest would be no secret.
   * @throws Error when the Secret or the key cannot be called so.
   */
  public static token(signingKey: SecretKey): KialiLogin {
    const where = 'KialiLogin.token';
    const { secretName, key = 'key' } = SECRET_KEY.read(where, '', signingKey);
    refuseIf(where, 'secretName', secretName, complaintAboutDnsName(secretName));
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key.startsWith('..') || key === '.') {
      refuse(where, `key '${key}' is not a key of a Secret: letters, digits, '-', '_' and '.'; write one as in 'key'.`);
    }
    return new KialiLogin('token', { secretName, key });
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is KialiLogin {
    return isMarked(value, BRAND);
  }

  private constructor(
    /**
     * By Kiali's name for it.
     *
     * @internal
     */
    public readonly _strategy: string,
    /**
     * Where the signing key is, if there is need for one.
     *
     * @internal
     */
    public readonly _signingKey?: Required<SecretKey>,
  ) {
    mark(this, BRAND);
  }
}
