/*
 * What Istio accepts as a host: rules that several kinds share.
 */
import { isIP } from '../../syntax/ip-address';
import { NOTHING, type Rule, refuseText } from './refusal';

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
/** The asterisk may stand for a part of the first label, too. */
const FIRST_LABEL = /^(?:\*|(?:\*-?)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LONGEST_LABEL = 63;
const LONGEST = 255;

/**
 * Why `host` is not a DNS name with or without leading wildcard, as the end of a sentence (`ValidateWildcardDomain`). A number alone
 * is one; so are capital letters, and a dot at the end.
 */
export function complaintAboutHost(host: string): string | undefined {
  const dot = host.indexOf('.');
  const first = dot < 0 ? host : host.slice(0, dot);
  return (
    complaintAboutForm(host) ??
    complaintAboutLabel(first, FIRST_LABEL) ??
    (dot < 0 ? undefined : complaintAboutLabels(host.slice(dot + 1)))
  );
}

/** Why `name` is not a DNS name, as the end of a sentence (`ValidateFQDN`). */
export function complaintAboutName(name: string): string | undefined {
  return complaintAboutForm(name) ?? complaintAboutLabels(name);
}

function complaintAboutForm(host: string): string | undefined {
  if (host === '') {
    return 'is empty';
  }
  if (isIP(host)) {
    return 'is an IP address, not the name of a Service';
  }
  if (host.includes('/')) {
    return 'contains a slash';
  }
  if (/:\d+$/.test(host)) {
    return 'contains a port';
  }
  return host.length > LONGEST ? `has more than ${LONGEST} characters` : undefined;
}

function complaintAboutLabels(name: string): string | undefined {
  const labels = name.split('.');
  const last = labels[labels.length - 1];
  if (/^\d{1,18}$/.test(last)) {
    return 'ends in a number and is not an IP address';
  }
  const named = last === '' ? labels.slice(0, -1) : labels;
  return named.map((label) => complaintAboutLabel(label, LABEL)).find((complaint) => complaint !== undefined);
}

function complaintAboutLabel(label: string, form: RegExp): string | undefined {
  if (label.length <= LONGEST_LABEL && form.test(label)) {
    return undefined;
  }
  return label.includes('*')
    ? "has a '*' that is only a part of its first label"
    : `has a part '${label}' that cannot be in a DNS name`;
}

const DNS_NAME = 'Write a DNS name such as apis.example.com, or *.example.com where wildcards are allowed.';

/** A host. Where it is missing, the schema says so. */
export const host = refuseText(complaintAboutHost, "The host '{}'", DNS_NAME);

/** A host, or an IP address. */
export const hostOrAddress = orAddress(host);

/** A name without wildcard. */
export const dnsName = refuseText(complaintAboutName, "The host '{}'", DNS_NAME);

/** A name without wildcard, or an IP address. */
export const dnsNameOrAddress = orAddress(dnsName);

function orAddress(rule: Rule): Rule {
  return (node) => (typeof node.value === 'string' && isIP(node.value) ? NOTHING : rule(node));
}

/**
 * Whether a host is one of those that routers of Istio's give each other as SNI, as in `outbound_.80_._.apis.example.com`
 * (`ValidateWildcardDomainForVirtualServiceBoundToGateway`).
 */
export function isSniOfRouters(name: string): boolean {
  const [direction, port = '', , hostname = ''] = name.split('_');
  return direction === 'outbound' && /\d/.test(port) && /[a-zA-Z]/.test(hostname);
}
