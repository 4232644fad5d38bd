/** What is wrong at one place of a manifest: a field by its path, as in `spec.ports[0].name`, and the end of a sentence. */
export interface Complaint {
  readonly path: string;
  readonly wrong: string;
}

/** The path of what `steps`, names of fields and numbers of items, lead to from `path`. */
export function at(path: string, ...steps: readonly (string | number)[]): string {
  return steps.reduce<string>((left, step) => {
    if (typeof step === 'number') {
      return `${left}[${step}]`;
    }
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step)) {
      return `${left}[${JSON.stringify(step)}]`;
    }
    return left === '' ? step : `${left}.${step}`;
  }, path);
}
