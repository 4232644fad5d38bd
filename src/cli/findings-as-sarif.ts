/*
 * Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.
 */
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from '../checks/check';
import { type Finding, Severity } from '../checks/finding';
import { nameOf } from '../manifests/object';
import { PROGRAM } from './command';
import { STDIN_NAME } from './input';
import { addressOf, thisPackage } from './this-package';

const LEVEL: Readonly<Record<Severity, string>> = {
  [Severity.ERROR]: 'error',
  [Severity.WARNING]: 'warning',
  [Severity.INFO]: 'note',
};

/** @param folder files below it are named from there, as SARIF's readers expect of the top of a repository */
export function findingsAsSarif(findings: readonly Finding[], checks: readonly Check[], folder: string): string {
  const { version, homepage } = thisPackage();
  const rules = [...checks].sort((a, b) => (a.id < b.id ? -1 : 1));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: PROGRAM, version, informationUri: homepage, rules: rules.map(ruleOf) } },
        results: findings.map((finding) => resultOf(finding, rules, folder)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ id, title, severity, istio, kiali }: Check): object {
  const page = `docs/checks/${id}.md`;
  return {
    id,
    shortDescription: { text: title },
    helpUri: addressOf(page),
    help: { text: `See ${page}.`, markdown: `See [${page}](${addressOf(page)}).` },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { tags: ['istio', 'routing', ...istio, ...kiali] },
  };
}

function resultOf(finding: Finding, rules: readonly Check[], folder: string): object {
  const { check, severity, path: inside, message, help, file, line } = finding;
  const object = nameOf(finding);
  const isOnDisk = file !== undefined && line !== undefined && file !== STDIN_NAME;
  const ruleIndex = rules.findIndex(({ id }) => id === check);
  return {
    ruleId: check,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVEL[severity],
    message: { text: `${message} ${help}` },
    locations: [
      {
        ...(isOnDisk && { physicalLocation: physicalLocation(file, line, folder) }),
        logicalLocations: [{ name: object, fullyQualifiedName: inside === '' ? object : `${object} ${inside}` }],
      },
    ],
  };
}

function physicalLocation(file: string, line: number, folder: string): object {
  const relative = path.relative(folder, path.resolve(folder, file));
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  const uri = outside ? pathToFileURL(path.resolve(folder, file)).href : encodeURI(relative.split(path.sep).join('/'));
  return { artifactLocation: { uri }, region: { startLine: line } };
}
