/*
 * What the checks on rules predict.
 */
import { GATEWAY_LABELS } from '../generate/gateways';
import type { Ask } from '../manifest';
import { markAt, marksOf, matchAt, type Place, ruleAt, specOf, type WrittenMatch } from './marks';
import {
  alone,
  asksFor,
  type Case,
  inMatch,
  named,
  type Prediction,
  placeIn,
  staysUnreached,
  type Trial,
  unreachedAt,
  withSpec,
} from './trial';

function without(match: WrittenMatch, field: string, name?: string): WrittenMatch {
  const { [field]: value, ...rest } = match;
  if (name === undefined || typeof value !== 'object') {
    return rest;
  }
  const left = Object.entries(value as object).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...rest, ...(left.length === 0 ? {} : { [field]: Object.fromEntries(left) }) };
}

/** The header that a finding is about: the last word of a path like `spec.http[0].match[0].headers.x-version.exact`. */
function headerIn({ finding }: Case, field: string): string | undefined {
  return new RegExp(`\\.${field}(?:\\.([A-Za-z][\\w-]*)|\\["([^"]+)"\\])`).exec(finding.path)?.slice(1).find(Boolean);
}

/** What nobody can fulfil is reached by nobody, even where no other rule is in the way. */
function neverFulfilled(one: Case, place: Place): Trial {
  const mark = markAt(place);
  const unreached = staysUnreached(mark);
  return {
    asks: asksFor(one, place),
    isolated: alone(one.mesh, place),
    judge(exchange) {
      const judgement = unreached(exchange);
      return judgement === 'says nothing' && exchange.isolated !== undefined ? 'confirms' : judgement;
    },
  };
}

/** Not reached for one condition alone: without it, it is reached. */
function unfulfilledBecauseOf(one: Case, place: Place, change: (match: WrittenMatch) => WrittenMatch): Trial {
  return {
    asks: asksFor(one, place),
    isolated: alone(one.mesh, place),
    mended: alone(one.mesh, place, inMatch(change)),
    judge: staysUnreached(markAt(place)),
  };
}

const unreachableRule: Prediction = {
  says: 'No request gets to the rule, or to the match; where it stands alone, the same requests do',
  predict(one) {
    const place = placeIn(one);
    return place && unreachedAt(one, place, alone(one.mesh, place));
  },
};

const ruleNeverMatches: Prediction = {
  says: 'No request gets to the match, not even where its rule stands alone',
  predict(one) {
    const place = placeIn(one);
    // Warnings are of matches that a request can fulfil in theory.
    return place === undefined || one.finding.severity !== 'error' ? undefined : neverFulfilled(one, place);
  },
};

const withoutHeadersSurprise: Prediction = {
  says: 'A request without the header does not get to the match; without that condition it does',
  predict(one) {
    const place = placeIn(one);
    const field = one.finding.path.includes('.withoutHeaders') ? 'withoutHeaders' : 'headers';
    const header = headerIn(one, field);
    if (place === undefined || header === undefined || one.finding.message.includes('a single asterisk')) {
      return undefined;
    }
    if (one.finding.severity === 'error') {
      return neverFulfilled(one, place);
    }
    const trial = unfulfilledBecauseOf(one, place, (match) => without(match, field, header));
    const lacks = ({ headers }: Ask) => headers.every(([name]) => name.toLowerCase() !== header.toLowerCase());
    return { ...trial, judge: (exchange) => (lacks(exchange.ask) ? trial.judge(exchange) : 'says nothing') };
  },
};

const matchGatewayNotListed: Prediction = {
  says: 'No request gets to the match; without its gateways, the same requests do',
  predict(one) {
    const place = placeIn(one);
    return place === undefined || one.finding.severity !== 'error'
      ? undefined
      : unfulfilledBecauseOf(one, place, (match) => without(match, 'gateways'));
  },
};

const jwtClaimWithoutAuthentication: Prediction = {
  says: 'No request gets to the match; without the claim, the same requests do',
  predict(one) {
    const place = placeIn(one);
    const claim = /headers\["?(@[^"\]]+)/i.exec(one.finding.path)?.[1];
    return place === undefined || claim === undefined || one.finding.path.includes('.withoutHeaders')
      ? undefined
      : unfulfilledBecauseOf(one, place, (match) => without(match, 'headers', claim));
  },
};

/** Whether the gateway's own pods have the labels. */
function carried(labels: unknown): boolean {
  const own: { readonly [key: string]: string | undefined } = GATEWAY_LABELS;
  return Object.entries((labels ?? {}) as object).every(([key, value]) => own[key] === value);
}

const sourceMatchIgnored: Prediction = {
  says: 'Beside gateways: the match takes the same requests without its source. Else: no request gets to it at a gateway',
  predict(one) {
    const place = placeIn(one);
    const match = place && matchAt(place);
    if (place === undefined || match === undefined || one.mesh.proxy.gateway === undefined) {
      return undefined;
    }
    const bare = (each: WrittenMatch) => without(without(each, 'sourceLabels'), 'sourceNamespace');
    if (match.gateways === undefined) {
      return carried(match.sourceLabels) ? undefined : unfulfilledBecauseOf(one, place, bare);
    }
    const mark = markAt(place);
    return {
      asks: asksFor(one, place),
      isolated: alone(one.mesh, place),
      mended: alone(one.mesh, place, inMatch(bare)),
      judge({ isolated, mended }) {
        if (isolated === undefined || mended === undefined) {
          return 'says nothing';
        }
        if (marksOf(mended).has(mark) !== marksOf(isolated).has(mark)) {
          return { refutes: 'the source made a difference' };
        }
        return marksOf(mended).has(mark) && !carried(match.sourceLabels) ? 'confirms' : 'says nothing';
      },
    };
  },
};

const delegateDropped: Prediction = {
  says: 'No request gets to the rule; where it answers by itself, or stands in a VirtualService of its own, the same do',
  predict(one) {
    const { finding, mesh } = one;
    const place = placeIn(one);
    if (place === undefined || finding.istioCodes.length > 0) {
      return undefined;
    }
    const [, via] = / delegates to this rule at (spec\.http\[\d+\])/.exec(finding.message) ?? [];
    if (via === undefined) {
      const answering = alone(mesh, place, ({ delegate: _delegate, ...rule }) => ({
        ...rule,
        directResponse: { status: 200 },
      }));
      return unreachedAt(one, place, answering);
    }
    const root = named(mesh, finding.message, 'VirtualService');
    return root && droppedByRoot(one, place, { object: root, rule: Number(/\d+/.exec(via)?.[0]) });
  },
};

/** A delegate's rule, which may be in force by another way. */
function droppedByRoot(one: Case, place: Place, root: Place): Trial {
  const { hosts, gateways } = specOf(root.object);
  const object = { ...place.object, metadata: { ...place.object.metadata, namespace: root.object.metadata.namespace } };
  const standalone = withSpec(object, { hosts, gateways, http: [ruleAt(place)] });
  const others = one.mesh.manifests.filter(({ kind }) => kind !== 'VirtualService');
  const [mark, rootMark] = [markAt(place), markAt(root)];
  return {
    asks: asksFor(one, { object: standalone, rule: 0 }),
    mended: { ...one.mesh, manifests: [...others, standalone] },
    judge({ seen, mended }) {
      if (marksOf(seen).has(mark) && marksOf(seen).has(rootMark)) {
        return { refutes: 'the rule answered by way of the VirtualService that delegates to it' };
      }
      return mended !== undefined && marksOf(mended).has(mark) ? 'confirms' : 'says nothing';
    },
  };
}

const separateMatchesAreOr: Prediction = {
  says: 'Without the superfluous item, the same requests get to the rule',
  predict(one) {
    const place = placeIn(one);
    if (place?.match === undefined) {
      return undefined;
    }
    const rulePlace = { object: place.object, rule: place.rule };
    const rest = (items: readonly WrittenMatch[] = []) => items.filter((_, index) => index !== place.match);
    const mark = markAt(rulePlace);
    return {
      asks: asksFor(one, place),
      isolated: alone(one.mesh, rulePlace),
      mended: alone(one.mesh, rulePlace, (rule) => ({ ...rule, match: rest(rule.match) })),
      judge({ isolated, mended }) {
        if (isolated === undefined || mended === undefined || !marksOf(isolated).has(mark)) {
          return 'says nothing';
        }
        return marksOf(mended).has(mark) ? 'confirms' : { refutes: 'the item took a request that the others do not' };
      },
    };
  },
};

const regexLooksLikeSubstring: Prediction = {
  says: 'The value that the message shows does not get to the match; with the condition that the help gives it does',
  predict(one) {
    const { finding } = one;
    const place = placeIn(one);
    const header = headerIn(one, 'headers');
    const value = /(?:sends|as in) '(.*?)'(?:,|\.$)/.exec(finding.message.replace(', not searched', ''))?.[1];
    const [, instead] = /^Write '(?:regex: )?(.*)'\.$/.exec(finding.help) ?? [];
    if (place === undefined || header === undefined || value === undefined || instead === undefined) {
      return undefined;
    }
    const trial = unfulfilledBecauseOf(one, place, (match) => {
      const headers = match.headers as { readonly [name: string]: object };
      const written = Object.keys(headers).find((name) => name.toLowerCase() === header.toLowerCase()) ?? header;
      return { ...match, headers: { ...headers, [written]: { regex: instead } } };
    });
    const withValue = ({ headers, ...ask }: Ask): Ask => ({
      ...ask,
      headers: [...headers.filter(([name]) => name.toLowerCase() !== header.toLowerCase()), [header, value]],
    });
    const asks = trial.asks.map(withValue);
    return {
      ...trial,
      asks,
      judge: (exchange) => (asks.includes(exchange.ask) ? trial.judge(exchange) : 'says nothing'),
    };
  },
};

const regexMatchesTooMuch: Prediction = {
  says: "The foreign browser's user-agent that the message shows gets to the match",
  predict(one) {
    const place = placeIn(one);
    const [, value] = /: '([^']+)'\.$/.exec(one.finding.message) ?? [];
    if (place === undefined || value === undefined) {
      return undefined;
    }
    const mark = markAt(place);
    const asks = asksFor(one, place).map(
      ({ headers, ...ask }): Ask => ({
        ...ask,
        headers: [...headers.filter(([name]) => name.toLowerCase() !== 'user-agent'), ['user-agent', value]],
      }),
    );
    return {
      asks,
      judge: ({ ask, seen }) => (asks.includes(ask) && marksOf(seen).has(mark) ? 'confirms' : 'says nothing'),
    };
  },
};

const duplicateHeaderCase: Prediction = {
  says: 'A request that fulfils the first condition alone does not get to the match; without the second condition it does',
  predict(one) {
    const place = placeIn(one);
    const match = place && matchAt(place);
    const field = one.finding.path.includes('.withoutHeaders') ? 'withoutHeaders' : 'headers';
    const [, second] = /^(\S+) is the same header as /.exec(one.finding.message) ?? [];
    if (place === undefined || match === undefined || second === undefined) {
      return undefined;
    }
    const mark = markAt(place);
    const { [second]: _removed, ...left } = match[field] as { readonly [name: string]: unknown };
    return {
      asks: asksFor(one, place),
      isolated: alone(one.mesh, place),
      mended: alone(
        one.mesh,
        place,
        inMatch((each) => ({ ...each, [field]: left })),
      ),
      judge({ isolated, mended }) {
        // Requests of other trials may have gone to one of the twins only.
        if (isolated === undefined || mended === undefined) {
          return 'says nothing';
        }
        const takes = marksOf(isolated).has(mark);
        const wouldTake = marksOf(mended).has(mark);
        if (takes && !wouldTake) {
          return { refutes: 'the match took what the first condition alone does not take' };
        }
        return wouldTake && !takes ? 'confirms' : 'says nothing';
      },
    };
  },
};

const headerSetBeforeMatch: Prediction = {
  says: 'A backend gets the header from this rule, although another rule matches it',
  predict(one) {
    const place = placeIn(one);
    const [, header, value] = /^(\S+) is set to (.*) after this rule/.exec(one.finding.message) ?? [];
    if (place === undefined || header === undefined) {
      return undefined;
    }
    const mark = markAt(place);
    return {
      asks: asksFor(one, place),
      judge: ({ seen }) =>
        marksOf(seen).has(mark) &&
        seen.kind === 'http' &&
        (seen.received?.headers.some(([name, got]) => name === header.toLowerCase() && got === value) ?? false)
          ? 'confirms'
          : 'says nothing',
    };
  },
};

export const RULE_PREDICTIONS: { readonly [check: string]: Prediction } = {
  'unreachable-rule': unreachableRule,
  'rule-never-matches': ruleNeverMatches,
  'without-headers-surprise': withoutHeadersSurprise,
  'match-gateway-not-listed': matchGatewayNotListed,
  'jwt-claim-without-authentication': jwtClaimWithoutAuthentication,
  'source-match-ignored': sourceMatchIgnored,
  'delegate-dropped': delegateDropped,
  'separate-matches-are-or': separateMatchesAreOr,
  'regex-looks-like-substring': regexLooksLikeSubstring,
  'regex-matches-too-much': regexMatchesTooMuch,
  'duplicate-header-case': duplicateHeaderCase,
  'header-set-before-match': headerSetBeforeMatch,
};
