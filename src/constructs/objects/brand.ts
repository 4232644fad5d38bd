/*
 * Where one program has this library twice, as two installs or two module formats, a class of one is none of the other, and
 * `instanceof` calls a value of the right kind a stranger.
 */

/** The symbol that marks what a class makes, in every copy of this library. */
export function brandOf(className: string): symbol {
  return Symbol.for(`cdk8s-versioned-mesh.${className}`);
}

/** Marks `value` by its class, where nobody sees it and a copy of its fields does not have it. */
export function mark(value: object, brand: symbol): void {
  if (!(brand in value)) {
    Object.defineProperty(Object.getPrototypeOf(value), brand, { value: true });
  }
}

/** Whether `value` is marked, by whichever copy. */
export function isMarked(value: unknown, brand: symbol): boolean {
  return typeof value === 'object' && value !== null && brand in value;
}
