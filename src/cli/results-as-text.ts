/*
 * Results of test cases for people: a line for each case, and for what failed the decision that was made instead.
 */
import type { CaseFailure, CaseResult } from '../cases/routing-case';
import { indented } from '../checks/finding-text';
import type { RouteRequest } from '../envoy/request';
import { printable } from '../syntax/printable';
import { count } from '../syntax/wording';
import type { Paint } from './style';

export function resultsAsText(results: readonly CaseResult[], paint: Paint): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const passed = results.length - failed;
  const parts = [
    ...(failed > 0 ? [paint('red', `${failed} failed`)] : []),
    ...(passed > 0 ? [paint('green', `${passed} passed`)] : []),
  ];
  return `${byFile(results, paint)}\n${parts.join(', ')} of ${count(results.length, 'case')}.\n`;
}

/** The lines of the cases; below the name of their file, where there are several. */
function byFile(results: readonly CaseResult[], paint: Paint): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const lines = files.map((file) => {
    const title = files.length === 1 ? '' : `${paint('bold', printable(file))}\n`;
    return (
      title +
      results
        .filter((result) => result.file === file)
        .map((result) => oneResult(result, paint))
        .join('')
    );
  });
  return lines.join(files.length === 1 ? '' : '\n');
}

function oneResult({ name, requests, failures }: CaseResult, paint: Paint): string {
  const [only] = requests;
  const asked = requests.length === 1 ? requestLine(only) : count(requests.length, 'request');
  const mark = failures.length === 0 ? paint('green', 'ok  ') : paint('red', 'FAIL');
  const line = `${mark}  ${printable(oneLine(name))}  ${paint('dim', printable(asked))}\n`;
  return line + failures.map((failure) => indented(failureText(failure, requests.length > 1))).join('');
}

/** Of failed requests: which they are where the case has several, what is not as expected, and how they were decided. */
export function failureText({ requests, complaints, explanation }: CaseFailure, named: boolean): string {
  const lines = [...(named ? requests.map(requestLine) : []), ...complaints].map(printable);
  const trace = explanation === '' ? '' : `${indented(explanation)}\n`;
  return `${lines.join('\n')}\n${trace}`;
}

/** `GET http://apis.example.com/ from mesh:shop/cart`. */
function requestLine({ method = 'GET', url, from }: RouteRequest): string {
  return `${method} ${url}${from === undefined ? '' : ` from ${from}`}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
