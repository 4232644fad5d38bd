/*
 * URLs as Go reads them (`net/url`), and with it Istio: it takes much that browsers do not, and the other way round.
 */
import { isIPv6 } from './ip-address';

export interface Url {
  /** In small letters; empty where the text begins with no scheme. */
  readonly scheme: string;
  /** The digits behind the host; empty where there are none. */
  readonly port: string;
}

/** `url.Parse`; undefined for what is no URL. */
export function parseUrl(text: string): Url | undefined {
  const end = text.indexOf('#');
  const [url, fragment] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
  return hasWholeEscapes(fragment) ? parse(url, false) : undefined;
}

/** `url.ParseRequestURI`: of URLs without a scheme it takes only absolute paths, and a `#` has no meaning. */
export function parseRequestUrl(text: string): Url | undefined {
  return text === '' ? undefined : parse(text, true);
}

/** What is wrong with an address that is asked by HTTP, as the end of a sentence that begins with it. */
export function complaintAboutHttpUrl(url: string, example: string): string | undefined {
  return parseUrl(url) !== undefined && /^https?:\/\/[^/?#]/.test(url)
    ? undefined
    : `is not an address to ask by HTTP; write one as in '${example}'`;
}

function parse(text: string, isRequest: boolean): Url | undefined {
  if ([...text].some((character) => character < ' ' || character === '\x7f') || text.startsWith(':')) {
    return undefined;
  }
  const [, written = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):)?([^?]*)/i.exec(text) ?? [];
  const scheme = written.toLowerCase();
  if (!rest.startsWith('/')) {
    // Behind a scheme anything goes. Without one, a colon would look as if there were a scheme.
    const isRelative = !isRequest && !/^[^/]*:/.test(rest) && hasWholeEscapes(rest);
    return scheme !== '' || text === '*' || isRelative ? { scheme, port: '' } : undefined;
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !(isRequest || rest.startsWith('///')));
  const [authority = ''] = hasAuthority ? (/^\/\/[^/]*/.exec(rest) ?? []) : [];
  return hasWholeEscapes(rest.slice(authority.length)) ? parseAuthority(authority.slice(2), scheme) : undefined;
}

function hasWholeEscapes(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

/** Only what is not ASCII may be escaped. */
const HOST_NAME = /^(?:[\w!"$&'()*+,\-.:;<=>\]~]|[^\0-\x7f]|%25|%[89a-f][0-9a-f])*$/i;

const USER = /^[\w\-.:~!$&'()*+,;=%@]*$/;

function parseAuthority(authority: string, scheme: string): Url | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/s.exec(authority.slice(at + 1)) ?? [];
  // Some databases take a list of hosts, each with its port.
  const mayHaveColon = port !== undefined && scheme !== 'http' && scheme !== 'https';
  const isHost = host.startsWith('[')
    ? isBracketed(host)
    : HOST_NAME.test(host) && (mayHaveColon || !host.includes(':'));
  return USER.test(user) && hasWholeEscapes(user) && isHost ? { scheme, port: port ?? '' } : undefined;
}

/** An address of IPv6, perhaps with a zone behind `%25`, which is an escaped `%`. */
function isBracketed(host: string): boolean {
  const [, address, zone = ''] = /^\[([^%\]]*)(?:%25([^\]]*))?\]$/.exec(host) ?? [];
  return address !== undefined && isIPv6(zone === '' ? address : `${address}%${zone}`);
}
