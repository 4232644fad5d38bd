/*
 * Results of test cases as JUnit XML, which build servers show. Without times: the same input gives the same bytes.
 */
import type { CaseResult } from '../cases/routing-case';
import { failureText } from './results-as-text';

export function resultsAsJunit(results: readonly CaseResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.flatMap((file) =>
    suite(
      file,
      results.filter((result) => result.file === file),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="versioned-mesh"${totals(results)}>`,
    ...suites.map((line) => `  ${line}`),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(file: string, results: readonly CaseResult[]): readonly string[] {
  return [
    `<testsuite name="${attribute(file)}"${totals(results)}>`,
    ...results.flatMap((result) => testcase(file, result)).map((line) => `  ${line}`),
    '</testsuite>',
  ];
}

function testcase(file: string, { name, requests, failures }: CaseResult): readonly string[] {
  const open = `<testcase classname="${attribute(file)}" name="${attribute(name)}"`;
  if (failures.length === 0) {
    return [`${open}/>`];
  }
  const text = failures.map((failure) => failureText(failure, requests.length > 1)).join('\n');
  const [{ complaints }] = failures;
  return [`${open}>`, `  <failure message="${attribute(complaints[0])}">${escapeXml(text)}</failure>`, '</testcase>'];
}

function totals(results: readonly CaseResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return ` tests="${results.length}" failures="${failed}" errors="0"`;
}

/** Only the program itself ends lines in an attribute, which XML would read as spaces, and a build server as lines of a log. */
function attribute(text: string): string {
  return escapeXml(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What XML 1.0 cannot contain at all becomes U+FFFD; what could be an order to a build server is written as entities. */
function escapeXml(text: string): string {
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('##', '&#35;&#35;')
    .replace(/[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
