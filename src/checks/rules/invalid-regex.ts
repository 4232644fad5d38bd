/*
 * Regexes that RE2 refuses, or that are longer than Istio allows: the webhook refuses the whole VirtualService. And what Istio lets
 * pass, though RE2 cannot do it: a rewrite that names a group which its regex does not have.
 */
import type { Node } from '../../manifests/node';
import type { VirtualService } from '../../model/virtual-service';
import type { Condition } from '../../predicate/match/condition';
import { conditionsOf } from '../../predicate/match/conditions';
import { complaintAboutRegex, complaintAboutRegexLength } from '../../syntax/re2';
import { missingGroup, unknownEscape } from '../../syntax/regex-rewrite';
import type { Check, Report } from '../check';
import { Severity } from '../finding';

interface Pattern {
  readonly path: string;
  readonly pattern: string;
}

export const invalidRegex: Check = {
  id: 'invalid-regex',
  title: 'A regex that Istio refuses, or a rewrite that does not fit its regex',
  severity: Severity.ERROR,
  istio: ['IST0106'],
  kiali: [],
  run(mesh, report) {
    const complaints = new Map<string, string | undefined>();
    for (const virtualService of mesh.virtualServices) {
      reportMisfits(virtualService, report);
      for (const { path, pattern } of patternsOf(virtualService)) {
        if (!complaints.has(pattern)) {
          complaints.set(pattern, complaintAboutRegex(pattern));
        }
        const complaint = complaints.get(pattern);
        if (complaint !== undefined) {
          report({
            object: virtualService.object,
            path,
            message: `The regex ${shortened(pattern)} ${complaint}. Istio refuses the whole VirtualService because of it.`,
            help: remedy(pattern),
          });
        }
      }
    }
  },
};

/** Envoy takes both; what RE2 cannot replace stays as it is (`RE2::GlobalReplace`, `RE2::Rewrite`). */
function reportMisfits({ object, http }: VirtualService, report: Report): void {
  for (const { rewrite } of http) {
    if (rewrite?.regex === undefined || complaintAboutRegex(rewrite.regex.match) !== undefined) {
      continue;
    }
    const { match, rewrite: replacement } = rewrite.regex;
    const group = missingGroup(match, replacement);
    const where = { object, path: `${rewrite.path}.uriRegexRewrite.rewrite`, istio: [] };
    if (group !== undefined) {
      report({
        ...where,
        message: `The rewrite ${shortened(replacement)} names group ${group}, which the regex ${shortened(match)} does not have. Envoy then rewrites nothing: requests keep the path that they came with.`,
        help: `Put the part that \\${group} stands for in parentheses, as in '/old/(.*)' with '/new/\\1'.`,
      });
    } else if (unknownEscape(replacement) !== undefined) {
      report({
        ...where,
        message: `The rewrite ${shortened(replacement)} has a backslash that no digit follows. Envoy drops everything after the backslash.`,
        help: 'Write \\1 for what the first group matched, and \\\\ for a backslash.',
      });
    }
  }
}

function patternsOf({ object, http }: VirtualService): readonly Pattern[] {
  return [
    ...http.flatMap(({ match }) => match.flatMap((one) => conditionsOf(one).flatMap(patternOf))),
    ...http.flatMap(({ rewrite }) =>
      rewrite?.regex === undefined
        ? []
        : [{ path: `${rewrite.path}.uriRegexRewrite.match`, pattern: rewrite.regex.match }],
    ),
    ...object.node.get('spec').get('http').items().flatMap(corsPatterns),
  ];
}

function patternOf({ field, value }: Condition): readonly Pattern[] {
  // There `*` is no regex: it asks for presence. Of query parameters Envoy would be told the same, and Istio refuses it.
  const isPresence = value.value === '*' && field === 'withoutHeaders';
  return value.kind === 'regex' && !isPresence ? [{ path: `${value.path}.regex`, pattern: value.value }] : [];
}

function corsPatterns(rule: Node): readonly Pattern[] {
  const origins = rule.get('corsPolicy').get('allowOrigins').items();
  return origins.flatMap((origin) => {
    const regex = origin.get('regex');
    const pattern = regex.text();
    return pattern === undefined ? [] : [{ path: regex.path, pattern }];
  });
}

function shortened(pattern: string): string {
  return pattern.length > 80 ? `${pattern.slice(0, 77)}…` : `'${pattern}'`;
}

function remedy(pattern: string): string {
  if (pattern === '') {
    return 'Write {} to ask only that there is a value, or .* for any value.';
  }
  if (complaintAboutRegexLength(pattern) !== undefined) {
    return 'Split the alternatives over several rules, or write them shorter: (ab|ac) is a[bc].';
  }
  if (pattern === '*' || pattern.startsWith('*')) {
    return `A regex is not a shell pattern: write '.${pattern}' for any text${pattern === '*' ? ', or {} to ask only that there is a value' : ''}.`;
  }
  return /\(\?[=!<]/.test(pattern)
    ? 'Write what must not match as withoutHeaders, or as an earlier rule of its own: the first rule that matches wins.'
    : 'Correct the pattern; a literal special character needs a backslash, as in \\( or \\*.';
}
