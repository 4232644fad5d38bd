/*
 * What an IP address is. Not Node's own `net`: this runs in a browser too, and there it takes none of the time to start.
 */

const DECIMAL_BYTE = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;
const ZONE = /^[0-9a-z.:-]+$/i;

/** Four numbers from 0 to 255 without zeros in front of them. */
export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => DECIMAL_BYTE.test(part));
}

/** Eight groups, of which `::` stands for one or more; the last two may be an IPv4 address. A zone may follow, as in `fe80::1%eth0`. */
export function isIPv6(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent >= 0) {
    return ZONE.test(text.slice(percent + 1)) && isIPv6(text.slice(0, percent));
  }
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const endsInIPv4 = halves.at(-1) !== '' && isIPv4(groups.at(-1) ?? '');
  const length = groups.length + (endsInIPv4 ? 1 : 0);
  return (
    (halves.length === 1 ? length === 8 : halves.length === 2 && length <= 7) &&
    (endsInIPv4 ? groups.slice(0, -1) : groups).every((group) => HEX_GROUP.test(group))
  );
}

export function isIP(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}
