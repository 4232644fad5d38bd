/*
 * What Istio accepts as a host: rules that several kinds share.
 */
import { isIP } from 'node:net';
import type { Node } from '../../mesh/node';
import { NOTHING, type Refusal, refuse, textOf } from './refusal';

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
/** The asterisk may stand for a part of the first label, too. */
const FIRST_LABEL = /^\*(-?[a-zA-Z0-9]([-a-zA-Z0-9]{0,60}[a-zA-Z0-9])?)?$/;
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

/** The host at `node`, which may be an IP address. Where it is missing, the schema says so. */
export function hostOrAddress(node: Node): readonly Refusal[] {
  return isIP(textOf(node) ?? '') === 0 ? host(node) : NOTHING;
}

/** The host at `node`. Where it is missing, the schema says so. */
export function host(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined) {
    return node.value === '' ? refuse(node, 'The host is empty', 'Write a host.') : NOTHING;
  }
  const complaint = isIP(text) === 4 ? 'is an IP address, which no Service has for a name' : complaintAboutHost(text);
  return complaint === undefined
    ? NOTHING
    : refuse(node, `The host '${text}' ${complaint}`, 'Write a DNS name such as apis.example.com, or *.example.com.');
}
