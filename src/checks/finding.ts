/**
 * How bad a finding is.
 */
export enum Severity {
  /** It will not work: refused by the cluster, or certain to fail or never to act. */
  ERROR = 'error',

  /** It works, but not as it reads, or only if something holds that the manifests do not say. The message names it. */
  WARNING = 'warning',

  /** Worth knowing; nothing fails. */
  INFO = 'info',
}

export const MOST_SEVERE_FIRST: readonly Severity[] = [Severity.ERROR, Severity.WARNING, Severity.INFO];

/** Whether a finding of this severity counts where all from `limit` on do. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return MOST_SEVERE_FIRST.indexOf(severity) <= MOST_SEVERE_FIRST.indexOf(limit);
}

/**
 * Something that a check found.
 */
export interface Finding {
  /** The id of the check, which is also the name of its page in docs/checks. */
  readonly check: string;

  /** How bad it is. */
  readonly severity: Severity;

  /** The kind of the object that it is about. */
  readonly kind: string;

  /** The object's name. */
  readonly name: string;

  /** The object's namespace; empty for kinds that belong to the whole cluster. */
  readonly namespace: string;

  /** Where in the object, as in `spec.http[0].match[1]`; empty for the object as a whole. */
  readonly path: string;

  /** What is wrong, and why it hurts: whole sentences. */
  readonly message: string;

  /** What to write instead. */
  readonly help: string;

  /** The ids under which `istioctl analyze` reports the same thing, as in `IST0101`. */
  readonly istioCodes: string[];

  /** The ids under which Kiali reports the same thing, as in `KIA1107`. */
  readonly kialiCodes: string[];

  /**
   * The file that the object was read from.
   *
   * @default - none: the object was made in memory
   */
  readonly file?: string;

  /**
   * The line of the file on which `path` stands, from 1, or the nearest thing around it.
   *
   * @default - none: the object was made in memory
   */
  readonly line?: number;
}
