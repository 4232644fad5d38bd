/*
 * What Istio accepts as a host, and exportTo: rules that several kinds share.
 */
import { isIP } from 'node:net';
import type { Node } from '../../mesh/node';
import { NOTHING, type Refusal, refuse, textOf } from './refusal';

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const FIRST_LABEL = /^\*(-[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)?$/;
const LONGEST = 255;

/** Why `host` is no host of Istio's, as the end of a sentence; undefined for a DNS name, with or without leading wildcard, and an IP. */
export function complaintAboutHost(host: string): string | undefined {
  if (isIP(host) !== 0) {
    return undefined;
  }
  if (host.includes('/')) {
    return 'contains a slash';
  }
  if (/:\d+$/.test(host)) {
    return 'contains a port';
  }
  if (host.length > LONGEST) {
    return `has more than ${LONGEST} characters`;
  }
  const labels = host.replace(/\.$/, '').split('.');
  if (/^\d+$/.test(labels[labels.length - 1])) {
    return 'ends in a number and is no IP address';
  }
  const wrong = labels.find((label, index) => !LABEL.test(label) && !(index === 0 && FIRST_LABEL.test(label)));
  if (wrong === undefined) {
    return undefined;
  }
  return wrong.includes('*')
    ? "has a '*' that is not the whole of its first part"
    : `has a part '${wrong}' that no DNS name has`;
}

/** The host at `node`. Where it is missing, the schema says so. */
export function host(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined) {
    return node.value === '' ? refuse(node, 'The host is empty', 'Write a host.') : NOTHING;
  }
  const complaint = complaintAboutHost(text);
  return complaint === undefined
    ? NOTHING
    : refuse(node, `The host '${text}' ${complaint}`, 'Write a DNS name such as apis.example.com, or *.example.com.');
}

/** exportTo of a VirtualService or DestinationRule. */
export function exportTo(spec: Node): readonly Refusal[] {
  const items = spec.get('exportTo').items();
  const names = items.map(({ value }) => value);
  return items.flatMap((item, index) => {
    if (item.value === '~') {
      return refuse(
        item,
        "exportTo '~' means nobody, which only a Service can be",
        "Write '.' for the object's own namespace.",
      );
    }
    if (names.indexOf(item.value) < index) {
      return refuse(item, `exportTo names ${String(item.value)} twice`, 'Take one out.');
    }
    return item.value === '*' && items.length > 1
      ? refuse(item, "exportTo has '*', which is all namespaces, beside others", "Write '*' alone, or take it out.")
      : NOTHING;
  });
}
