/*
 * What the cdk8s command hands to a validation plugin, as far as it is used here. The command is no dependency of this
 * library: it is the one that loads the plugin.
 */

export interface ValidationContext {
  /** Paths of the synthesized files. */
  readonly manifests: readonly string[];
  readonly report: ValidationReport;
}

interface ValidationReport {
  addViolation(violation: Violation): void;
  /** Has to be called once, last. A failure stops `cdk8s synth`. */
  submit(status: 'success' | 'failure', metadata?: { readonly [key: string]: string }): void;
}

export interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}
