/*
 * Rules for where routes send requests, and copies of them.
 */

import type { Node } from '../../manifests/node';
import { scalarNumber } from '../../syntax/scalar-text';
import { label, percent, port } from './common-rules';
import { has, lacks, number } from './conditions';
import { host } from './host-rules';
import { all, at, NOTHING, type Rule, refuse, refuseIf, warnIf } from './refusal';

/** `validateDestination`. */
// biome-ignore format: a table
export const destination: Rule = all(
  at('host', (node) =>
    node.value === '*' ? refuse(node, "'*' is not a destination", 'Write the name of one Service.') : host(node)),
  at('subset', label('subset')),
  at('port',
    refuseIf(lacks('number'), 'The port of a destination needs its number', "Write 'port: {number: 80}'."),
    at('number', port),
  ),
);

const weightOf = (entry: Node) => scalarNumber(entry.get('weight').value ?? 0);

/** The list of weighted destinations at `route.route`, of tls and tcp routes too (`validateRouteDestinations`). */
export const destinations: Rule = all(at('route[].destination', destination), at('route', weights));

function weights(list: Node) {
  const entries = list.items();
  const negative = entries.find((entry) => weightOf(entry) < 0);
  if (negative !== undefined) {
    return refuse(negative.get('weight'), 'A weight cannot be negative', 'Write 0 or more.');
  }
  return entries.length > 1 && entries.every((entry) => weightOf(entry) === 0)
    ? refuse(
        list,
        'Of several destinations at least one needs a weight above 0',
        "Write weights, as in 'weight: 90' and 'weight: 10'.",
      )
    : NOTHING;
}

/** The older form of mirrorPercentage. */
// biome-ignore format: a table
const MIRROR_PERCENT: Rule = all(
  refuseIf(number((value) => value > 100), '{} is not a percentage', 'Write a number from 0 to 100.'),
  warnIf(({ value }) => !(scalarNumber(value) > 100), 'mirrorPercent is deprecated', "Write 'mirrorPercentage: {value: …}'."),
);

export const mirrors: Rule = all(
  at('mirror', destination),
  at('mirrorPercentage.value', percent),
  at('mirrors[]', at('destination', destination), at('percentage.value', percent)),
  // The same field under two names, of which the first counts.
  (route) => at(has(route, 'mirrorPercent') ? 'mirrorPercent' : 'mirror_percent', MIRROR_PERCENT)(route),
);
