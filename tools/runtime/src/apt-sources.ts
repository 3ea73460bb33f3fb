/** One binary source of the system's apt configuration. */
export interface AptSource {
  uri: string;
  suites: string[];
  components: string[];
  signedBy: string | undefined;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
export const DEBIAN_KEYRINGS: readonly string[] = [KEYRING, KEYRING.replace(/gpg$/, 'pgp')];

const CODENAMES = /^(bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)$/;
const SCHEMES = /^(https?|mirror|mirror\+(file|https?)):/;

/** Parses a one-line style `.list` file; `deb-src`, comments and what is not understood are left out. */
export function parseOneLineList(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+([^#]+)/.exec(line);
    if (match === null) return [];
    const [, options = '', uri = '', rest = ''] = match;
    const [suite = '', ...components] = rest.trim().split(/\s+/);
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
    return [{ uri, suites: [suite], components, signedBy }];
  });
}

/** Parses a deb822 `.sources` file; stanzas that are disabled or hold no binary source are left out. */
export function parseDeb822(text: string): AptSource[] {
  return text.split(/\n(?:[ \t]*\n)+/).flatMap((stanza) => {
    const fields = stanzaFields(stanza);
    const words = (name: string): string[] =>
      (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (!words('types').includes('deb') || words('enabled')[0]?.toLowerCase() === 'no') return [];
    // A key may stand in the field itself; only a path says which keyring it is.
    const signedBy = words('signed-by').join(' ') || undefined;
    return words('uris').map((uri) => ({
      uri,
      suites: words('suites'),
      components: words('components'),
      signedBy,
    }));
  });
}

function stanzaFields(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^([A-Za-z0-9-]+):(.*)$/.exec(line);
    if (match !== null) {
      current = (match[1] ?? '').toLowerCase();
      fields.set(current, match[2] ?? '');
    } else if (current !== '' && /^\s/.test(line)) {
      fields.set(current, `${fields.get(current) ?? ''} ${line}`);
    }
  }
  return fields;
}

/**
 * The Debian mirrors among the sources, those of Debian itself first; `preferred` (BOOCONTROL_DEBIAN_MIRROR) before all.
 * Other vendors (PostgreSQL, Docker, Grafana …) use Debian's suite names as well, so a mirror needs `main`, no foreign
 * key, and Debian's name in its address. A wrong guess does no harm: apt checks the release file against the keyring.
 */
export function debianMirrors(sources: readonly AptSource[], preferred?: string): string[] {
  const own = sources.filter(isDebian).map((source) => source.uri.replace(/\/+$/, ''));
  const onDebianHost = (uri: string): number => (/^https?:\/\/[^/]*\bdebian\b/.test(uri) ? 0 : 1);
  own.sort((a, b) => onDebianHost(a) - onDebianHost(b));
  return [...new Set([...(preferred ? [preferred.replace(/\/+$/, '')] : []), ...own])];
}

function isDebian(source: AptSource): boolean {
  const { uri, suites, components, signedBy } = source;
  const debianKey = signedBy === undefined || /debian-archive/.test(signedBy);
  const debianPlace = /debian/i.test(uri) || signedBy !== undefined;
  return (
    SCHEMES.test(uri) &&
    suites.some((suite) => CODENAMES.test(suite)) &&
    components.includes('main') &&
    debianKey &&
    debianPlace
  );
}
