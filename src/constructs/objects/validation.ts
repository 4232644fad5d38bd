/*
 * Validations: of one construct, and of the whole app.
 */
import type { Construct, IConstruct, IValidation } from 'constructs';
import { twiceInSynthesis } from './repeated-validation';

/** Has synthesis fail with what `complaints` returns. */
export function addValidation(construct: IConstruct, complaints: () => string[]): void {
  construct.node.addValidation({ validate: complaints });
}

/**
 * Has the app of `scope` validated by what `make` makes of its root: once, however many constructs ask for it by this name. Returns
 * what was made the first time. The app's node keeps it as metadata, where other copies of this library find it.
 */
export function validateApp<T extends IValidation>(scope: Construct, name: string, make: (root: IConstruct) => T): T {
  const { root } = scope.node;
  const type = `cdk8s-versioned-mesh/${name}`;
  const known = root.node.metadata.find((entry) => entry.type === type);
  if (known !== undefined) {
    return known.data as T;
  }
  const validation = make(root);
  root.node.addValidation({ validate: twiceInSynthesis(() => validation.validate()) });
  root.node.addMetadata(type, validation);
  return validation;
}
