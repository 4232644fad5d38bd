/*
 * Path normalization as Istio's default (BASE) asks of Envoy: dot segments resolved, backslashes turned, unreserved
 * characters unescaped and others escaped (googleurl's CanonicalizePath). Repeated slashes stay.
 */
import { utf8 } from './utf8';

/** The request target behind the host, in the form in which routes are matched against it. */
interface RequestTarget {
  /** Path without query. */
  readonly path: string;
  /** The query with its '?', or empty. */
  readonly query: string;
}

/** What is done to paths (`pathNormalization`); DEFAULT is BASE. */
export type PathNormalization = 'DEFAULT' | 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** Splits and normalises; undefined for a path that Envoy refuses (an escaped NUL). */
export function normalizeTarget(target: string, how: PathNormalization = 'DEFAULT'): RequestTarget | undefined {
  const fragment = target.indexOf('#');
  const sent = fragment < 0 ? target : target.slice(0, fragment);
  const question = sent.indexOf('?');
  const raw = question < 0 ? sent : sent.slice(0, question);
  const query = question < 0 ? '' : sent.slice(question);
  const path =
    how === 'DEFAULT' || how === 'BASE'
      ? normalizePath(raw === '' ? '/' : raw)
      : otherwise(raw === '' ? '/' : raw, how);
  return path === undefined ? undefined : { path, query };
}

function otherwise(path: string, how: PathNormalization): string | undefined {
  if (how === 'NONE') {
    return path;
  }
  const decoded = how === 'DECODE_AND_MERGE_SLASHES' ? path.replaceAll(/%2f/gi, '/').replaceAll(/%5c/gi, '\\') : path;
  // Of nothing but slashes Envoy keeps two: the one that begins the path, and the one that ends it (`PathUtil::mergeSlashes`).
  return normalizePath(decoded)
    ?.replace(/^\/{3,}$/, '//')
    .replaceAll(/(?!^\/\/$)\/{2,}/g, '/');
}

const UNTOUCHED = /^\/[!$&'()*+,\-/:;=@A-Za-z0-9_[\]~]*$/;

/** What may not stand in a path as it is: all that is not printable ASCII, and some of that. */
const ESCAPED = /[^\u0021-\u007e]|["<>^`{|}]/gu;

/** Since its releases of August 2026, Envoy does not let `;parameters` hide a dot segment. */
const DOTS_WITH_PARAMETERS = /(?<=\/)(\.{1,2});[^/]*/g;

function normalizePath(path: string): string | undefined {
  // Nearly every path; a '.' may be part of a dot segment.
  if (UNTOUCHED.test(path)) {
    return path;
  }
  if (/%00/.test(path)) {
    return undefined;
  }
  const rewritten = path
    .replaceAll(DOTS_WITH_PARAMETERS, '$1')
    .replaceAll('\\', '/')
    .replace(/%([0-9A-Fa-f]{2})/g, (escaped, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped;
    })
    .replace(ESCAPED, escapeCharacter);
  return resolveDots(rewritten);
}

function escapeCharacter(character: string): string {
  return [...utf8(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function resolveDots(path: string): string {
  const result: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === '..') {
      result.pop();
    } else if (segment !== '.') {
      result.push(segment);
      return;
    }
    if (last) {
      result.push('');
    }
  });
  return `/${result.join('/')}`;
}
