import { ConfigMap, EnvFrom, Secret } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { complaintAboutDnsName } from '../../syntax/names';
import { complaintAboutText } from '../../syntax/yaml-text';
import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { complaintAboutEnvName } from './env-name';

const BRAND = brandOf('EnvSource');

/**
 * A whole ConfigMap or Secret as environment variables, one for each of its keys.
 */
export class EnvSource {
  /**
   * The keys of a ConfigMap in the namespace of the pods.
   *
   * @param name The name of the ConfigMap.
   * @param prefix What each variable's name begins with, before the key. Default: nothing.
   * @throws Error when the name is not the name of an object, or the prefix cannot begin the name of a variable.
   */
  public static configMap(name: string, prefix?: string): EnvSource {
    checkSource('configMap', name, prefix);
    return new EnvSource((scope, id) => new EnvFrom(ConfigMap.fromConfigMapName(scope, id, name), prefix));
  }

  /**
   * The keys of a Secret in the namespace of the pods.
   *
   * @param name The name of the Secret.
   * @param prefix What each variable's name begins with, before the key. Default: nothing.
   * @throws Error when the name is not the name of an object, or the prefix cannot begin the name of a variable.
   */
  public static secret(name: string, prefix?: string): EnvSource {
    checkSource('secret', name, prefix);
    return new EnvSource((scope, id) => new EnvFrom(undefined, prefix, Secret.fromSecretName(scope, id, name)));
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is EnvSource {
    return isMarked(value, BRAND);
  }

  private constructor(private readonly build: (scope: Construct, id: string) => EnvFrom) {
    mark(this, BRAND);
  }

  /**
   * As cdk8s-plus has it, with the reference to the object in the tree of constructs.
   *
   * @internal
   */
  public _toEnvFrom(scope: Construct, id: string): EnvFrom {
    return this.build(scope, id);
  }
}

function checkSource(factory: string, name: string, prefix: string | undefined): void {
  const ofName = complaintAboutDnsName(name) ?? complaintAboutText(name);
  if (ofName !== undefined) {
    throw new Error(`EnvSource.${factory}: name ${show(name)} ${ofName}.`);
  }
  const ofPrefix = prefix === undefined ? undefined : complaintAboutEnvName(prefix);
  if (ofPrefix !== undefined) {
    throw new Error(`EnvSource.${factory}: prefix ${show(prefix)} ${ofPrefix}.`);
  }
}
