/*
 * Addresses, ranges of them, and Unix sockets.
 */

import type { Node } from '../../manifests/node';
import { isIP, isIPv4 } from '../../syntax/ip-address';
import { scalarText } from '../../syntax/scalar-text';
import { NOTHING, type Refusal, refuse } from './refusal';

export const UNIX = 'unix://';

/** Whether `text` is an IP address, or a range such as `10.0.0.0/8` (`ValidateIPSubnet`, `netip.ParsePrefix`). */
export function isAddressOrRange(text: string): boolean {
  const [address, length, ...rest] = text.split('/');
  if (length === undefined) {
    return isIP(address);
  }
  const most = isIPv4(address) ? 32 : 128;
  return (
    isIP(address) &&
    !address.includes('%') &&
    rest.length === 0 &&
    /^(0|[1-9]\d{0,2})$/.test(length) &&
    Number(length) <= most
  );
}

/** The address or range at `node`. */
export function addressOrRange(node: Node): readonly Refusal[] {
  return typeof node.value !== 'string' || isAddressOrRange(node.value)
    ? NOTHING
    : refuse(
        node,
        `'${node.value}' is neither an IP address nor a range of them`,
        'Write an IP address, or a range such as 10.0.0.0/8.',
      );
}

/** The address at `node` to listen on; empty for all (`ValidateIPAddress`). */
export function bindAddress(node: Node): readonly Refusal[] {
  return typeof node.value !== 'string' || node.value === '' || isIP(node.value)
    ? NOTHING
    : refuse(node, `'${node.value}' is not an address to bind to`, 'Write an IP address, or leave bind out for all.');
}

/** The path of a Unix socket at `node`, behind `unix://` (`ValidateUnixAddress`). */
export function unixPath(node: Node): readonly Refusal[] {
  const path = scalarText(node.value).slice(UNIX.length);
  const isPath = path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'));
  return isPath
    ? NOTHING
    : refuse(
        node,
        `'${scalarText(node.value)}' is not the path of a Unix socket`,
        "Write it in full, as in 'unix:///run/a'.",
      );
}

export function isUnix(node: Node): boolean {
  return typeof node.value === 'string' && node.value.startsWith(UNIX);
}
