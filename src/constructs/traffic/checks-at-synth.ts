/*
 * Where the two sides meet: an app with a HeaderRoutedMesh has the manifests it is about to write checked. Nothing else of
 * what writes knows of what reads.
 */
import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct, IValidation } from 'constructs';
import { type Finding, Severity } from '../../checks/finding';
import { findingText } from '../../checks/finding-text';
import { apiObjectsBelow, serialize } from '../../manifests/api-objects';
import type { RawManifest } from '../../manifests/manifest-list';
import type { CheckOptions, MeshOptions } from '../../mesh';
import { groupBy } from '../../syntax/grouping';
import { CLUSTER_CONTEXT } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';

/** The context key that switches the checks off, with the value 'off', for the app on which it is set. */
export const CHECKS_CONTEXT = 'cdk8s-versioned-mesh/checks';

/** The context key that leaves checks out, as ids separated by ','. On an object, an annotation of this name does. */
export const IGNORE_CONTEXT = 'cdk8s-versioned-mesh/ignore';

/**
 * Has the whole app of `scope` checked when it synthesizes: errors fail it, warnings go to standard error. Manifests do not say
 * what the domain of their cluster is; where the constructs do not agree on one, it is taken for the usual one.
 */
export function checkAtSynth(scope: Construct, clusterDomain: string): void {
  validateApp(scope, 'checks-at-synth', (root) => new ChecksAtSynth(root)).clusterDomains.add(clusterDomain);
}

/** Serializes the app at each validation, and checks what is not the same as last time. */
class ChecksAtSynth implements IValidation {
  public readonly clusterDomains = new Set<string>();
  private last?: { readonly subject: string | undefined; readonly findings: readonly Finding[] };
  private readonly shown = new Set<string>();

  public constructor(private readonly root: IConstruct) {}

  public validate(): string[] {
    const findings = isOff(this.root) ? [] : this.findings();
    // What is only worth knowing is left to `mesh.check()`: a chart without fault prints nothing.
    for (const finding of findings.filter(({ severity }) => severity === Severity.WARNING)) {
      showOnce(findingText(finding), this.shown);
    }
    return findings.filter(({ severity }) => severity === Severity.ERROR).map(inList);
  }

  private findings(): readonly Finding[] {
    const [clusterDomain] = this.clusterDomains.size === 1 ? this.clusterDomains : [];
    const disable = ignoredIn(this.root);
    const clusters = manifestsByCluster(this.root);
    const subject = textOf({ clusters, clusterDomain, disable });
    if (subject === undefined || subject !== this.last?.subject) {
      const findings = clusters.flatMap((manifests) => check(manifests, { clusterDomain }, { disable }));
      this.last = { subject, findings };
    }
    return this.last.findings;
  }
}

/** All that the findings depend on; undefined where JSON has no words for it. */
function textOf(subject: object): string | undefined {
  try {
    return JSON.stringify(subject);
  } catch {
    return undefined;
  }
}

function isOff(root: IConstruct): boolean {
  const value: unknown = root.node.tryGetContext(CHECKS_CONTEXT);
  if (value !== undefined && value !== 'off') {
    throw new Error(
      `The context '${CHECKS_CONTEXT}' is ${JSON.stringify(value)}, which says nothing; the only value it has is 'off'.`,
    );
  }
  return value === 'off';
}

/** What the app will write, that for one cluster together. */
function manifestsByCluster(root: IConstruct): (readonly RawManifest[])[] {
  const byCluster = groupBy<unknown, ApiObject>(apiObjectsBelow(root), ({ node }) =>
    node.tryGetContext(CLUSTER_CONTEXT),
  );
  try {
    return [...byCluster.values()].map(serialize);
  } catch {
    // What cannot be serialized is for cdk8s to report, after all that other validations have to say.
    return [];
  }
}

function check(manifests: readonly RawManifest[], options: MeshOptions, checks: CheckOptions): readonly Finding[] {
  // Loaded on first use: an app that has the checks switched off should not pay for them.
  const { Mesh } = require('../../mesh') as typeof import('../../mesh');
  return Mesh._fromRead({ manifests, unreadable: [] }, options).check(checks);
}

function ignoredIn(root: IConstruct): string[] {
  const ignored: unknown = root.node.tryGetContext(IGNORE_CONTEXT) ?? [];
  const ids: unknown[] = typeof ignored === 'string' ? ignored.split(',').map((id) => id.trim()) : [ignored].flat();
  if (!ids.every((id) => typeof id === 'string')) {
    throw new Error(
      `The context '${IGNORE_CONTEXT}' is ${JSON.stringify(ignored)}; write ids of checks, as in 'unreachable-rule,no-default-route'.`,
    );
  }
  return ids;
}

function showOnce(text: string, shown: Set<string>): void {
  if (!shown.has(text)) {
    shown.add(text);
    process.stderr.write(`${text}\n`);
  }
}

/** cdk8s lists validation errors two columns deep; the further lines of one go below its first. */
function inList(finding: Finding): string {
  return findingText(finding).replaceAll('\n', '\n  ');
}
