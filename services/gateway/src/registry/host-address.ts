import { BlockList, isIP } from 'node:net';

/** Link-local networks, and the addresses at which clouds hand out a machine's credentials. */
const NETWORKS = [
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['100.100.100.200', 32, 'ipv4'],
] as const;
const NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

const refused = new BlockList();
for (const [network, prefix, family] of NETWORKS) refused.addSubnet(network, prefix, family);

/**
 * Why this is no address for a host, in words; null when it may be one. Whoever may add a host could else have the
 * gateway's network read a cloud's metadata. Only what is written counts: a name is not looked up.
 * @param baseUrl an http(s) URL; decimal, hexadecimal and IPv4-mapped forms are what they stand for
 */
export function linkLocalProblem(baseUrl: string): string | null {
  // The URL parser has already turned every form of an IPv4 address into the dotted one.
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  const isRefused = version === 0 ? NAMES.has(host) : refused.check(host, version === 4 ? 'ipv4' : 'ipv6');
  if (!isRefused) return null;
  return `${host} is a link-local or cloud metadata address; set BOOCONTROL_ALLOW_LINK_LOCAL=1 if a host really is there`;
}
