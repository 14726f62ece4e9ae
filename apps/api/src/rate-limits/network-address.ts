import { isIPv4, isIPv6 } from 'node:net';

/** How many groups of an IPv6 address are one customer's: a /64 is the least that anybody is given. */
const GROUPS_OF_A_NETWORK = 4;

/**
 * Who is counted as one: an IPv4 address, also where it comes as IPv6 (RFC 4291, 2.5.5.2), or the network of an IPv6 address, of
 * which its owner may use any.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  const [withoutZone = ''] = address.split('%');
  if (!isIPv6(withoutZone)) return address;
  return `${groupsOf(withoutZone).slice(0, GROUPS_OF_A_NETWORK).join(':')}::/64`;
}

/** The eight groups, in hexadecimal without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // The parser of URLs writes IPv6 addresses in the one form of RFC 5952.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = '', after] = hostname.slice(1, -1).split('::');
  const [first, last] = [before, after ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const missing = 8 - (first?.length ?? 0) - (last?.length ?? 0);
  return [...(first ?? []), ...Array.from({ length: missing }, () => '0'), ...(last ?? [])];
}
