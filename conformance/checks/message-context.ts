/*
 * What every reason asks of a message and of the manifests that it is about.
 */
import type { Finding } from '../../src/checks/finding';
import type { AnalyzerMessage } from '../control-plane';
import type { Manifest } from '../manifest';

export interface Context {
  readonly message: AnalyzerMessage;
  readonly findings: readonly Finding[];
  readonly manifests: readonly Manifest[];
  readonly object: Manifest | undefined;
}

export function found({ findings, message: { origin } }: Context, ...checks: readonly string[]): boolean {
  return findings.some(
    ({ check, kind, namespace, name }) => checks.includes(check) && `${kind} ${namespace}/${name}` === origin,
  );
}

export function foundAnywhere({ findings }: Context, ...checks: readonly string[]): boolean {
  return findings.some(({ check }) => checks.includes(check));
}

export function spec({ object }: Context): { readonly [field: string]: unknown } {
  return (object?.spec ?? {}) as { readonly [field: string]: unknown };
}

export function rulesOf(context: Context): readonly { readonly delegate?: unknown }[] {
  return (spec(context).http ?? []) as readonly { readonly delegate?: unknown }[];
}

export function isOfKind({ object }: Context, ...kinds: readonly string[]): boolean {
  return object !== undefined && kinds.includes(object.kind);
}

export function namespaceOf({ metadata }: Manifest): string {
  return metadata.namespace ?? 'default';
}

/** `namespace/name`, as messages name objects. */
export function nameOf(manifest: Manifest): string {
  return `${namespaceOf(manifest)}/${manifest.metadata.name}`;
}

/** The objects that a message names at the places of a pattern, in that order. */
export function namedIn({ message, manifests, object }: Context, pattern: RegExp): readonly Manifest[] {
  const [, ...names] = pattern.exec(message.message) ?? [];
  return names.flatMap((name) =>
    manifests.filter((each) => each.kind === object?.kind && nameOf(each) === name).slice(0, 1),
  );
}

/** Those that have hosts. */
export function virtualServices(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(
    ({ kind, spec: of }) => kind === 'VirtualService' && (of as { hosts?: unknown }).hosts !== undefined,
  );
}

/** Whether the finding with the code of the message is about another object that it names: that which loses. */
export function isSaidOfAnother({ findings, message, object }: Context): boolean {
  const names = message.message.split(/[\s,[\]]+/);
  return findings.some(
    ({ istioCodes, kind, name, namespace }) =>
      istioCodes.includes(message.code) &&
      kind === object?.kind &&
      (names.includes(`${namespace}/${name}`) || (names.includes(name) && namespace === namespaceOf(object))),
  );
}
