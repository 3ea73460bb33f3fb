import { lastLines } from './exec.js';
import type { ExecResult } from './exec.js';
import { diskFull, OTHER_WAYS, RuntimeError } from './errors.js';

const DISK_FULL = /No space left on device|You don't have enough free space|Disk quota exceeded/i;
const CORRUPT =
  /Hash Sum mismatch|File has unexpected size|unexpected end of (file|archive)|not a Debian format archive|corrupted|lzma error|decompress/i;
const NO_SIGNATURE =
  /NO_PUBKEY|is not signed|BADSIG|EXPKEYSIG|signatures? (couldn't|could not|were invalid)/i;
const NO_NETWORK =
  /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Cannot initiate the connection|Connection (failed|refused|timed out)|Network is unreachable|No route to host|Failed to fetch|Certificate verification failed/i;
const NO_PERMISSION = /Permission denied|Read-only file system|Operation not permitted/i;
const NO_PACKAGE = /Unable to locate package|Can't find a source|no candidate|does not have a Release file/i;

/** Turns what apt-get or dpkg said into a typed error with its way out. The texts are those of LC_ALL=C. */
export function aptFailure(doing: string, result: ExecResult): RuntimeError {
  const said = `${result.stdout}\n${result.stderr}`;
  const quote = lastLines(said, 4);
  if (result.missing) {
    return new RuntimeError(
      'no_apt',
      `There is no Debian package tool here (while ${doing}).`,
      `The embedded runtime takes NATS and PostgreSQL from Debian packages and needs apt-get, dpkg and util-linux. ${OTHER_WAYS}`,
    );
  }
  if (DISK_FULL.test(said)) return diskFull(doing);
  if (CORRUPT.test(said)) {
    return new RuntimeError(
      'corrupt_download',
      `A download is damaged (while ${doing}): ${quote}`,
      'Start again: what is damaged is fetched anew. If it stays, a proxy between here and the Debian mirror changes files.',
    );
  }
  if (NO_SIGNATURE.test(said)) {
    return new RuntimeError(
      'no_keyring',
      `The Debian mirror's signature could not be checked (while ${doing}): ${quote}`,
      `Update the package debian-archive-keyring. ${OTHER_WAYS}`,
    );
  }
  if (result.timedOut || NO_NETWORK.test(said)) {
    return new RuntimeError(
      'no_network',
      `The Debian mirror cannot be reached (while ${doing}): ${quote}`,
      `The first start needs the network once, 55 MB. Check it, and http_proxy where a proxy is needed. ${OTHER_WAYS}`,
    );
  }
  if (NO_PERMISSION.test(said)) {
    return new RuntimeError(
      'permission',
      `No permission while ${doing}: ${quote}`,
      'Give the runtime folder to the user that starts BooControl (chown -R), or remove it.',
    );
  }
  if (NO_PACKAGE.test(said)) {
    return new RuntimeError(
      'no_network',
      `The Debian mirror does not carry the packages of Debian 13 (while ${doing}): ${quote}`,
      `Use a full Debian mirror in the system's apt sources. ${OTHER_WAYS}`,
    );
  }
  return new RuntimeError('start_failed', `Failed while ${doing}: ${quote}`, OTHER_WAYS);
}
