/*
 * Findings as workflow commands of GitHub Actions, which it shows as annotations beside the lines that they are about. It keeps ten
 * of each severity for a step, so that the order of findings, the most severe first, decides which.
 */
import { type Finding, Severity } from '../checks/finding';
import { placeOf } from '../checks/finding-text';
import { printable } from '../syntax/printable';
import { fileAddressOf } from './file-address';
import { findingsSummary } from './findings-as-text';
import { plain } from './style';

const COMMAND: Readonly<Record<Severity, string>> = {
  [Severity.ERROR]: 'error',
  [Severity.WARNING]: 'warning',
  [Severity.INFO]: 'notice',
};

/** @param folder the top of the repository */
export function findingsAsGithub(findings: readonly Finding[], objects: number, folder: string): string {
  return [...findings.map((finding) => annotation(finding, folder)), findingsSummary(findings, objects, plain)].join(
    '',
  );
}

function annotation(finding: Finding, folder: string): string {
  const { check, severity, message, help } = finding;
  const address = fileAddressOf(finding, folder);
  const properties = [
    ...(address === undefined ? [] : [`file=${property(address.file)}`, `line=${address.line}`]),
    `title=${property(check)}`,
  ];
  const text = [placeOf(finding), message, `help: ${help}`].map(printable).join('\n');
  return `::${COMMAND[severity]} ${properties.join(',')}::${data(text)}\n`;
}

/** As GitHub's own toolkit escapes what stands behind the second '::'. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
