/*
 * Addresses, ranges of them, and Unix sockets.
 */

import type { Node } from '../../manifests/node';
import { isIP, isIPv4 } from '../../syntax/ip-address';
import { scalarText } from '../../syntax/scalar-text';
import { string, text } from './conditions';
import { refuseIf } from './refusal';

export const UNIX = 'unix://';

/** Whether `written` is an IP address, or a range such as `10.0.0.0/8` (`ValidateIPSubnet`, `netip.ParsePrefix`). */
export function isAddressOrRange(written: string): boolean {
  const [address, length, ...rest] = written.split('/');
  if (length === undefined || !isIP(address)) {
    return isIP(written);
  }
  const isLength = /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= (isIPv4(address) ? 32 : 128);
  return isLength && rest.length === 0 && !address.includes('%');
}

// biome-ignore format: a table
export const addressOrRange = refuseIf(string((value) => !isAddressOrRange(value)),
  "'{}' is not an IP address or a range of addresses", 'Write an IP address, or a range such as 10.0.0.0/8.');

/** An address to listen on; empty for all (`ValidateIPAddress`). */
// biome-ignore format: a table
export const bindAddress = refuseIf(text((value) => !isIP(value)),
  "'{}' is not an address to bind to", 'Write an IP address, or leave bind out for all.');

/** The path of a Unix socket, behind `unix://` (`ValidateUnixAddress`). */
// biome-ignore format: a table
export const unixPath = refuseIf(({ value }) => !/^(?:@|\/.*[^/]$)/s.test(scalarText(value).slice(UNIX.length)),
  "'{}' is not the path of a Unix socket", "Write it in full, as in 'unix:///run/a'.");

export function isUnix(node: Node): boolean {
  return typeof node.value === 'string' && node.value.startsWith(UNIX);
}
