/*
 * Validations of this library, which look at constructs and change no manifest. cdk8s lets a validation change what it likes,
 * and does not say which does.
 */
import type { IConstruct } from 'constructs';

const ONLY_LOOKS = Symbol.for('cdk8s-versioned-mesh.only-looks');

/** Has synthesis fail with what `complaints` returns, which has to leave every manifest as it is. */
export function addValidation(construct: IConstruct, complaints: () => string[]): void {
  const validation = { validate: complaints, [ONLY_LOOKS]: true };
  construct.node.addValidation(validation);
}

/** Whether all validations of a construct are of this library. constructs keeps them to itself; this only looks. */
export function isOnlyLookedAt({ node }: IConstruct): boolean {
  const { _validations: validations } = node as unknown as { readonly _validations?: readonly object[] };
  return validations?.every((validation) => ONLY_LOOKS in validation) ?? false;
}
