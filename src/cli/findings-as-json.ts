/*
 * Findings for programs. The order of the keys is the order of this file, so that two runs give the same bytes.
 */
import { type Finding, Severity } from '../checks/finding';
import { printableJson } from '../syntax/printable';

export function findingsAsJson(findings: readonly Finding[]): string {
  const document = {
    summary: {
      errors: numberOf(findings, Severity.ERROR),
      warnings: numberOf(findings, Severity.WARNING),
      infos: numberOf(findings, Severity.INFO),
    },
    findings: findings.map((finding) => ({
      check: finding.check,
      severity: finding.severity,
      object: { kind: finding.kind, namespace: finding.namespace, name: finding.name },
      path: finding.path,
      message: finding.message,
      help: finding.help,
      istioCodes: finding.istioCodes,
      kialiCodes: finding.kialiCodes,
      file: finding.file,
      line: finding.line,
    })),
  };
  return printableJson(document);
}

function numberOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
