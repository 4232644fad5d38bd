/*
 * Paths inside of manifests, such as `spec.http[0].match[1]` or `metadata.labels["app.kubernetes.io/name"]`.
 */

/** The way to a part: keys of maps and places in lists. */
export type Steps = readonly (string | number)[];

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The path below `path`. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') {
    return `${path}[${key}]`;
  }
  if (!/^[A-Za-z_][\w-]*$/.test(key)) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === '' ? key : `${path}.${key}`;
}

/** The steps of a path; of one that goes on in another way, those that can be told. */
export function stepsOf(path: string): Steps {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let found = STEP.exec(path); found !== null; found = STEP.exec(path)) {
    const [, name, place, quoted] = found;
    steps.push(name ?? (place === undefined ? (JSON.parse(quoted) as string) : Number(place)));
  }
  return steps;
}
