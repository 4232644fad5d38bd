/*
 * Where the two sides meet: an app with a HeaderRoutedMesh has the manifests it is about to write checked. Nothing else of
 * what writes knows of what reads.
 */
import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type Finding, Severity } from '../../checks/finding';
import { findingText } from '../../checks/finding-text';
import { serialize } from '../../mesh/api-objects';
import type { RawManifest } from '../../mesh/manifest-list';
import { append } from '../../syntax/grouping';
import { CLUSTER_CONTEXT } from '../objects/unique-objects';
import { addValidation } from '../objects/validation';
import { Synthesis } from './synthesis';

/** The context key that switches the checks off, with the value 'off', for the app on which it is set. */
export const CHECKS_CONTEXT = 'cdk8s-versioned-mesh/checks';

/** The context key that leaves checks out, as ids separated by ','. On an object, an annotation of this name does. */
export const IGNORE_CONTEXT = 'cdk8s-versioned-mesh/ignore';

const CHECKED = Symbol.for('cdk8s-versioned-mesh.checks-at-synth');

/**
 * Has the whole app of `scope` checked when it synthesizes: errors fail it, warnings go to standard error. Manifests do not say
 * what the domain of their cluster is; where the constructs do not agree on one, it is taken for the usual one.
 */
export function checkAtSynth(scope: Construct, clusterDomain: string): void {
  const root: Watched = scope.node.root;
  if (root[CHECKED] === undefined) {
    const domains = new Set<string>();
    Object.defineProperty(root, CHECKED, { value: domains });
    const synthesis = new Synthesis(root);
    const errors = errorsOf(root, domains, synthesis);
    addValidation(root, () => synthesis.validateOnce(errors));
  }
  root[CHECKED]?.add(clusterDomain);
}

type Watched = IConstruct & { readonly [CHECKED]?: Set<string> };

function errorsOf(root: IConstruct, domains: ReadonlySet<string>, synthesis: Synthesis): () => string[] {
  const shown = new Set<string>();
  return () => {
    const [clusterDomain] = domains.size === 1 ? domains : [];
    const options = { clusterDomain };
    const findings = isOff(root)
      ? []
      : manifestsByCluster(root, synthesis).flatMap((manifests) => check(manifests, options, root));
    // What is only worth knowing is left to `mesh.check()`: a chart without fault prints nothing.
    for (const finding of findings.filter(({ severity }) => severity === Severity.WARNING)) {
      showOnce(findingText(finding), shown);
    }
    return findings.filter(({ severity }) => severity === Severity.ERROR).map(inList);
  };
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
function manifestsByCluster(root: IConstruct, synthesis: Synthesis): (readonly RawManifest[])[] {
  const byCluster = new Map<unknown, ApiObject[]>();
  for (const object of root.node.findAll()) {
    if (ApiObject.isApiObject(object)) {
      append<unknown, ApiObject>(byCluster, object.node.tryGetContext(CLUSTER_CONTEXT), object);
    }
  }
  const clusters = [...byCluster.values()];
  try {
    const manifests = clusters.map(serialize);
    const raw = manifests.flat().map((manifest) => manifest.raw);
    synthesis.hold(clusters.flat(), raw);
    return manifests;
  } catch {
    // What cannot be serialized is for cdk8s to report, after all that other validations have to say.
    return [];
  }
}

function check(manifests: readonly RawManifest[], options: { clusterDomain?: string }, root: IConstruct): Finding[] {
  // Loaded on first use: an app that has the checks switched off should not pay for them.
  const { Mesh } = require('../../mesh') as typeof import('../../mesh');
  return Mesh._fromRaw(manifests, options).check({ disable: ignoredIn(root) });
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
