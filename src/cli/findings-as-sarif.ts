/*
 * Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.
 */
import { pathToFileURL } from 'node:url';
import type { Check } from '../checks/check';
import { type Finding, Severity } from '../checks/finding';
import { nameOf } from '../manifests/object';
import { printableJson } from '../syntax/printable';
import { addressOfPage, firstParagraph, pageOf } from './check-page';
import { PROGRAM } from './command';
import { type FileAddress, fileAddressOf } from './file-address';
import { thisPackage } from './this-package';

/** GitHub cuts a longer one anywhere. */
const LONGEST_DESCRIPTION = 1024;

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
  return printableJson(log);
}

function ruleOf({ id, title, severity, istio, kiali }: Check): object {
  const page = addressOfPage(id);
  const paragraph = firstParagraph(pageOf(id));
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: beginningOf(paragraph, LONGEST_DESCRIPTION) },
    helpUri: page,
    help: { text: `${paragraph} See ${page}`, markdown: `${paragraph} [More](${page})` },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { tags: ['istio', 'routing', ...istio, ...kiali] },
  };
}

/** As many whole sentences of the text as have room. */
function beginningOf(text: string, room: number): string {
  return text.length <= room ? text : text.slice(0, text.lastIndexOf('. ', room - 1) + 1);
}

function resultOf(finding: Finding, rules: readonly Check[], folder: string): object {
  const { check, severity, path: inside, message, help } = finding;
  const object = nameOf(finding);
  const address = fileAddressOf(finding, folder);
  const ruleIndex = rules.findIndex(({ id }) => id === check);
  return {
    ruleId: check,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVEL[severity],
    message: { text: `${message} ${help}` },
    locations: [
      {
        ...(address !== undefined && { physicalLocation: physicalLocation(address) }),
        logicalLocations: [{ name: object, fullyQualifiedName: inside === '' ? object : `${object} ${inside}` }],
      },
    ],
  };
}

function physicalLocation({ file, isBelow, line }: FileAddress): object {
  const uri = isBelow ? encodeURI(file) : pathToFileURL(file).href;
  return { artifactLocation: { uri }, region: { startLine: line } };
}
