/*
 * Text that somebody else fills in before the manifest is applied: `{{ … }}`, `${…}`, `$(…)`, `<<…>>`, `<…>`, `__NAME__`, and
 * `THE_NAMESPACE` as a part of a host. What will stand there is not known.
 */
import type { MeshObject } from './object';
import { type Steps, stepsOf } from './path';

const PLACEHOLDER = new RegExp(
  [
    /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([A-Za-z_][\w.-]*\)|<<[^<>]*>>/,
    // Not the name of a group in a regex.
    /(?<!\(\?P?)<[A-Za-z][\w -]*>/,
    /__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__/,
    /(?<=[a-z0-9*][./])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w])|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?=[./][a-z0-9*])/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Fields by which other objects find an object, or it finds them. */
const IDENTITY = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'spec.host',
  'spec.hosts',
  'spec.selector',
  'spec.subsets',
  'spec.gateways',
  'spec.servers',
  'spec.ports',
  'spec.template.metadata',
].map(stepsOf);

export function hasPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** The first text with a placeholder in what stands at `path`, at any depth. */
export function placeholderAt({ raw }: MeshObject, path: string): string | undefined {
  return placeholderIn(valueAt(raw, stepsOf(path)));
}

/** The first text with a placeholder in what decides which other objects this one has to do with. */
export function placeholderInIdentity({ raw }: MeshObject): string | undefined {
  for (const steps of IDENTITY) {
    const found = placeholderIn(valueAt(raw, steps));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

export function valueAt(raw: unknown, steps: Steps): unknown {
  let value = raw;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = (value as { readonly [key: string | number]: unknown })[step];
  }
  return value;
}

function placeholderIn(value: unknown): string | undefined {
  const waiting = [value];
  const seen = new Set<unknown>();
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && hasPlaceholder(next)) {
      return next;
    }
    if (typeof next === 'object' && next !== null && !seen.has(next)) {
      seen.add(next);
      for (const part of Object.values(next).reverse()) {
        waiting.push(part);
      }
    }
  }
  return undefined;
}
