/*
 * Matches in the words of Istio.
 */
import type { VirtualServiceSpecHttpMatch } from '../../../imports/networking.istio.io';
import { baggageRegex } from './baggage';
import { type Alternative, type HeaderCondition, type PathMatching, type StringMatch, underRegex } from './condition';

/** The entry for one alternative. */
export function toHttpMatch(conditions: Alternative): VirtualServiceSpecHttpMatch {
  const headers: Record<string, object> = {};
  const withoutHeaders: Record<string, object> = {};
  const queryParams: Record<string, object> = {};
  const uriAndMethod: { uri?: object; method?: object } = {};
  const source: { sourceLabels?: { [key: string]: string }; sourceNamespace?: string } = {};
  for (const condition of conditions) {
    switch (condition.on) {
      case 'header':
        // Lower case, as Istio's reference asks for; Envoy compares without regard to it.
        (condition.negated ? withoutHeaders : headers)[condition.name.toLowerCase()] = toStringMatch(condition.match);
        break;
      case 'path':
        uriAndMethod.uri = toStringMatch(condition.match);
        break;
      case 'method':
        uriAndMethod.method = oneOf(condition.methods);
        break;
      case 'query':
        queryParams[condition.name] = toStringMatch(condition.match);
        break;
      case 'sourceLabels':
        source.sourceLabels = { ...condition.labels };
        break;
      case 'sourceNamespace':
        source.sourceNamespace = condition.namespace;
        break;
    }
  }
  return {
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(withoutHeaders).length > 0 && { withoutHeaders }),
    ...uriAndMethod,
    ...(Object.keys(queryParams).length > 0 && { queryParams }),
    ...source,
  };
}

function oneOf(methods: readonly string[]): object {
  return methods.length === 1 ? { exact: methods[0] } : { regex: methods.join('|') };
}

function toStringMatch(match: StringMatch | PathMatching | HeaderCondition['match']): object {
  if ('present' in match) {
    // A match of no kind is how Istio says "present".
    return {};
  }
  if ('under' in match) {
    return { regex: underRegex(match.under) };
  }
  return 'baggage' in match ? { regex: baggageRegex(match.baggage) } : match;
}
