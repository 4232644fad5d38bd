/** Deeper than any Istio object, and shallow enough for what contains itself. */
const MAX_DEPTH = 32;

/**
 * Whether two values mean the same as fields of a protobuf message, which Istio's objects are: there an empty or zero field
 * is as good as none.
 */
export function sameMessage(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) {
    return true;
  }
  if (isEmpty(a) || isEmpty(b)) {
    return isEmpty(a) && isEmpty(b);
  }
  if (typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b) || depth > MAX_DEPTH) {
    return false;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameMessage(item, b[index], depth + 1));
  }
  const [left, right] = [new Map(Object.entries(a ?? {})), new Map(Object.entries(b ?? {}))];
  return [...new Set([...left.keys(), ...right.keys()])].every((key) =>
    sameMessage(left.get(key), right.get(key), depth + 1),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || typeof value !== 'object') {
    return value === undefined || value === null || value === '' || value === 0 || value === false;
  }
  return Object.keys(value).length === 0;
}
