/*
 * Rules for where routes send requests, and copies of them.
 */
import type { Node } from '../../manifests/node';
import { scalarNumber } from '../../syntax/scalar-text';
import { host } from './host-rules';
import { applyToEach, has, label, NOTHING, percentage, port, type Refusal, refuse, warn, written } from './refusal';

/** The list of weighted destinations at `route.route`, of tls and tcp routes too (`validateRouteDestinations`). */
export function destinations(route: Node): readonly Refusal[] {
  const list = route.get('route');
  const weights = list.items().map((entry) => entry.get('weight').value);
  const negative = list.items().find((entry) => scalarNumber(entry.get('weight').value) < 0);
  const total = weights.reduce((sum: number, weight) => sum + (typeof weight === 'number' ? weight : 0), 0);
  return [
    ...applyToEach(list, [(entry) => destination(entry.get('destination'))]),
    ...(negative === undefined
      ? NOTHING
      : refuse(negative.get('weight'), 'A weight cannot be negative', 'Write 0 or more.')),
    ...(weights.length > 1 && total === 0
      ? refuse(
          list,
          'Of several destinations at least one needs a weight above 0',
          "Write weights, as in 'weight: 90' and 'weight: 10'.",
        )
      : NOTHING),
  ];
}

/** `validateDestination`. */
export function destination(node: Node): readonly Refusal[] {
  const name = node.get('host');
  return [
    ...(name.value === '*' ? refuse(name, "'*' is no destination", 'Write the name of one Service.') : host(name)),
    ...label(node.get('subset'), 'subset'),
    ...destinationPort(node.get('port')),
  ];
}

function destinationPort(node: Node): readonly Refusal[] {
  return node.present && !node.get('number').present
    ? refuse(node, 'The port of a destination needs its number', "Write 'port: {number: 80}'.")
    : port(node.get('number'));
}

export function mirrors(route: Node): readonly Refusal[] {
  if (written(route, 'mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent').length === 0) {
    return NOTHING;
  }
  return [
    ...(has(route, 'mirror') ? destination(route.get('mirror')) : NOTHING),
    ...percentage(route.get('mirrorPercentage')),
    ...applyToEach(route.get('mirrors'), [
      (mirror) => destination(mirror.get('destination')),
      (mirror) => percentage(mirror.get('percentage')),
    ]),
    // The same field under two names, of which the first has the last word.
    ...written(route, 'mirrorPercent', 'mirror_percent')
      .slice(0, 1)
      .flatMap((name) => mirrorPercent(route.get(name))),
  ];
}

function mirrorPercent(node: Node): readonly Refusal[] {
  return typeof node.value === 'number' && node.value > 100
    ? refuse(node, `${node.value} is not a percentage`, 'Write a number from 0 to 100.')
    : warn(node, 'mirrorPercent is deprecated', "Write 'mirrorPercentage: {value: …}'.");
}
