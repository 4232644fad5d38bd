/*
 * What Kubernetes, Istio and HTTP accept as a name. Each `complaintAbout…` returns undefined for a valid value, or the end
 * of a sentence that begins with the value: what is wrong and what would be right. Messages are built from these only.
 */
import { isIPv4 } from './ip-address';

/** Of callers without types: JavaScript, or a number where YAML has a bare word. */
const NOT_A_STRING = 'is not a string; put it in quotes';

const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
/** A token of RFC 9110. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Printable ASCII inside, no space at the ends: what survives on its way through HTTP. */
export const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;
const ISTIO_HTTP_PORT_NAME = /^(http|http2|grpc|grpc-web)(-[a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/;

/** DNS-1123 label: the name of most objects here, a namespace, an Istio subset. */
export function complaintAboutDnsLabel(value: string): string | undefined {
  return notADnsLabel(value, (label) => suggest(label, value, complaintAboutDnsLabel));
}

/** DNS-1035 label: the name of a Service, which in addition begins with a letter. */
export function complaintAboutServiceName(value: string): string | undefined {
  const suggestion = (label: string) =>
    suggest(/^[0-9]/.test(label) ? `v${label}` : label, value, complaintAboutServiceName);
  const complaint = notADnsLabel(value, suggestion);
  if (complaint === undefined && /^[0-9]/.test(value)) {
    return `begins with a digit, and the name of a Service must begin with a letter${suggestion(value)}`;
  }
  return complaint;
}

function notADnsLabel(value: string, suggestion: (label: string) => string): string | undefined {
  if (typeof value !== 'string') {
    return NOT_A_STRING;
  }
  if (value.length > MAX_LABEL) {
    return `has ${value.length} characters, and at most ${MAX_LABEL} are allowed`;
  }
  if (!DNS_LABEL.test(value)) {
    return `is not a DNS label: lower-case letters, digits and '-', beginning and ending with a letter or digit${suggestion(toDnsLabel(value))}`;
  }
  return undefined;
}

/** The value of a Kubernetes label. The empty value, though legal, is refused: as a selector it says nothing. */
export function complaintAboutLabelValue(value: string): string | undefined {
  if (typeof value !== 'string') {
    return NOT_A_STRING;
  }
  if (value.length > MAX_LABEL) {
    return `has ${value.length} characters, and a label value has at most ${MAX_LABEL}`;
  }
  if (!LABEL_VALUE.test(value)) {
    const legal = value.replace(/[^-A-Za-z0-9_.]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
    return `is not a label value: letters, digits, '-', '_' and '.', beginning and ending with a letter or digit${suggest(legal, value, complaintAboutLabelValue)}`;
  }
  return undefined;
}

/** The key of a Kubernetes label or annotation: `name` or `prefix.example.com/name`. */
export function complaintAboutMetadataKey(value: string): string | undefined {
  const slash = value.indexOf('/');
  const prefix = slash < 0 ? undefined : value.slice(0, slash);
  const name = value.slice(slash + 1);
  if (
    prefix !== undefined &&
    (prefix.length > MAX_SUBDOMAIN || !prefix.split('.').every((part) => DNS_LABEL.test(part)))
  ) {
    return `has a prefix before '/' that is not a DNS name; write something like example.com/${name}`;
  }
  if (name.length > MAX_LABEL || !LABEL_VALUE.test(name)) {
    return `is not a key: at most ${MAX_LABEL} letters, digits, '-', '_' and '.', beginning and ending with a letter or digit, after an optional DNS prefix and '/'`;
  }
  return undefined;
}

/**
 * A host of a Gateway or VirtualService: a DNS name of two or more labels, the same behind a leading `*.`, an IPv4 address,
 * or `*` alone. A short name is not one here: a gateway never resolves it (Istio's webhook refuses it on a Gateway).
 */
export function complaintAboutHost(value: string): string | undefined {
  if (value === '*') {
    return undefined;
  }
  if (value.includes('://') || value.includes('/')) {
    return `is not a host but looks like a URL or a path; write only the name, as in apis.example.com`;
  }
  if (/:\d+$/.test(value)) {
    return `carries a port; write only the name, the port belongs to the Gateway`;
  }
  const name = value.startsWith('*.') ? value.slice(2) : value;
  const labels = name.split('.');
  if (name.length > MAX_SUBDOMAIN || !labels.every((label) => label.length <= MAX_LABEL && DNS_LABEL.test(label))) {
    return `is not a DNS name, optionally behind a leading '*.'${suggest(value.toLowerCase(), value, complaintAboutHost)}`;
  }
  if (labels.length < 2 && !value.startsWith('*.')) {
    return `is a short name, which a gateway never resolves; write it in full, as in ${name}.example.com`;
  }
  if (/^\d+$/.test(labels[labels.length - 1]) && !isIPv4(value)) {
    return `ends in a number but is not an IPv4 address`;
  }
  return undefined;
}

/** The name of an HTTP header: a token of RFC 9110, or a pseudo-header that Istio allows (`pkg/config/validation`). */
export function complaintAboutHeaderName(value: string): string | undefined {
  if (PSEUDO_HEADERS.includes(value)) {
    return undefined;
  }
  if (value.startsWith(':')) {
    return `is not a pseudo-header that Istio can match; those are ${PSEUDO_HEADERS.join(', ')}`;
  }
  if (!HEADER_NAME.test(value)) {
    return `is not a header name: letters, digits and !#$%&'*+-.^_\`|~, without spaces or ':'`;
  }
  return undefined;
}

/** A DNS name in full: one or more labels, as in `cluster.local`. */
export function complaintAboutDnsName(value: string): string | undefined {
  if (typeof value !== 'string') {
    return NOT_A_STRING;
  }
  return value.length <= MAX_SUBDOMAIN && value.split('.').every((part) => complaintAboutDnsLabel(part) === undefined)
    ? undefined
    : `is not a DNS name: labels of lower-case letters, digits and '-', joined by dots`;
}

/** A TCP port. */
export function complaintAboutPort(value: number): string | undefined {
  return Number.isInteger(value) && value >= 1 && value <= 65535
    ? undefined
    : 'is not a port: a whole number from 1 to 65535';
}

/** The name of a port that Istio is to treat as HTTP; Istio reads the protocol from the part before the first '-'. */
export function complaintAboutHttpPortName(value: string): string | undefined {
  if (typeof value !== 'string') {
    return NOT_A_STRING;
  }
  if (!ISTIO_HTTP_PORT_NAME.test(value)) {
    return `does not tell Istio that the port speaks HTTP; write http, http2, grpc or grpc-web, optionally with a suffix as in http-web`;
  }
  if (value.length > 15) {
    return `has ${value.length} characters, and the name of a container port has at most 15`;
  }
  return undefined;
}

/** `text` as a DNS label, for names derived from versions: `v1.4_RC` → `v1-4-rc`. May be empty when nothing is left. */
export function toDnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

const PSEUDO_HEADERS = [':authority', ':method', ':path', ':scheme'];

/** Advice is only good where it is accepted. */
function suggest(candidate: string, original: string, complain: (value: string) => string | undefined): string {
  return candidate !== original && complain(candidate) === undefined ? `; write '${candidate}'` : '';
}
