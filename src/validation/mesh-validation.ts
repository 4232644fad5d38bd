import { type Finding, isAtLeast, Severity } from '../checks/finding';
import { nameOf } from '../manifests/object';
import { Mesh, type MeshOptions } from '../mesh';
import { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import { printable } from '../syntax/printable';
import { listOf, suggestion } from '../syntax/wording';
import type { ValidationContext, Violation } from './validation-context';

/**
 * What `properties` of a validation in cdk8s.yaml may say.
 */
export interface MeshValidationProps {
  /**
   * Ids of checks to leave out.
   *
   * @default - none: all checks run
   */
  readonly disable?: string[];

  /**
   * The least severity that makes `cdk8s synth` fail. What is less severe is reported all the same.
   *
   * @default Severity.ERROR
   */
  readonly failOn?: Severity;

  /**
   * Namespace of the objects that name none.
   *
   * @default 'default'
   */
  readonly defaultNamespace?: string;

  /**
   * Istio's root namespace, whose DestinationRules hold for every namespace.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;

  /**
   * DNS domain of the cluster.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * What a sidecar does with requests to hosts that the mesh does not know.
   *
   * @default OutboundTrafficPolicy.ALLOW_ANY
   */
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
}

const CLUSTER = ['defaultNamespace', 'rootNamespace', 'clusterDomain'] as const;
const PROPERTIES: readonly string[] = ['disable', 'failOn', ...CLUSTER, 'outboundTrafficPolicy'];

/**
 * Runs the checks over what `cdk8s synth` wrote, for apps that use none of the constructs. Named in cdk8s.yaml under
 * `validations`; the cdk8s command makes one, and nobody else has to.
 */
export class MeshValidation {
  private readonly disable: string[];
  private readonly failOn: Severity;
  private readonly options: MeshOptions;

  /**
   * @param props What cdk8s.yaml says under `properties`.
   * @throws Error when that is something unknown.
   */
  constructor(props: MeshValidationProps = {}) {
    checkProperties(props);
    this.disable = props.disable ?? [];
    this.failOn = props.failOn ?? Severity.ERROR;
    const { defaultNamespace, rootNamespace, clusterDomain, outboundTrafficPolicy } = props;
    this.options = { defaultNamespace, rootNamespace, clusterDomain, outboundTrafficPolicy };
  }

  /**
   * Reports every finding, and fails when one is as severe as `failOn`.
   *
   * @param context What the cdk8s command passes to a plugin.
   */
  public async validate(context: unknown): Promise<void> {
    const { manifests, report } = context as ValidationContext;
    const findings = Mesh.fromFiles([...manifests], this.options).check({ disable: this.disable });
    for (const finding of findings) {
      report.addViolation(violationOf(finding));
    }
    const failed = findings.some(({ severity }) => isAtLeast(severity, this.failOn));
    report.submit(failed ? 'failure' : 'success', countsOf(findings));
  }
}

/** YAML is not type-checked, and a misspelt property would do nothing, silently. */
function checkProperties(props: MeshValidationProps): void {
  const unknown = Object.keys(props).find((name) => !PROPERTIES.includes(name));
  if (unknown !== undefined) {
    const help = suggestion(unknown, PROPERTIES) || `; the properties are ${listOf(PROPERTIES)}.`;
    throw new Error(`MeshValidation: there is no property '${unknown}' in cdk8s.yaml${help}`);
  }
  for (const name of CLUSTER) {
    const value: unknown = props[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new Error(`MeshValidation: ${name} is ${JSON.stringify(value)} in cdk8s.yaml; write a name.`);
    }
  }
  const policies = Object.values(OutboundTrafficPolicy);
  if (props.outboundTrafficPolicy !== undefined && !policies.includes(props.outboundTrafficPolicy)) {
    throw new Error(
      `MeshValidation: outboundTrafficPolicy is ${JSON.stringify(props.outboundTrafficPolicy)} in cdk8s.yaml; write ${listOf(policies, 'or')}.`,
    );
  }
  const { disable = [], failOn = Severity.ERROR } = props;
  if (!Array.isArray(disable) || disable.some((id) => typeof id !== 'string')) {
    throw new Error(
      `MeshValidation: disable is ${JSON.stringify(disable)} in cdk8s.yaml; write a list of ids, as in [unreachable-rule].`,
    );
  }
  const severities = Object.values(Severity);
  if (!severities.includes(failOn)) {
    throw new Error(
      `MeshValidation: failOn is ${JSON.stringify(failOn)} in cdk8s.yaml; write ${severities.join(', ')}.`,
    );
  }
}

/** The command finds constructs by name alone, and two kinds may share one: the location says which is meant. */
function violationOf(finding: Finding): Violation {
  const { check, severity, name, path, message, help, file, line } = finding;
  const location = `${nameOf(finding)}${path === '' ? '' : ` ${path}`}${line === undefined ? '' : ` (line ${line})`}`;
  return {
    ruleName: check,
    recommendation: printable(`${severity}: ${message}`),
    fix: printable(help),
    violatingResources: [{ resourceName: name, locations: [printable(location)], manifestPath: file ?? '' }],
  };
}

function countsOf(findings: readonly Finding[]): { readonly [key: string]: string } {
  const countOf = (severity: Severity) => `${findings.filter((finding) => finding.severity === severity).length}`;
  return { errors: countOf(Severity.ERROR), warnings: countOf(Severity.WARNING), infos: countOf(Severity.INFO) };
}
