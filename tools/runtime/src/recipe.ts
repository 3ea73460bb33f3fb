/** The Debian release whose packages are unpacked; it carries PostgreSQL 17, TimescaleDB and a current NATS. */
export const RELEASE = 'trixie';
export const POSTGRES_MAJOR = 17;

/** Change it whenever the packages or the way they are unpacked change: older folders are then built anew. */
export const RECIPE_VERSION = 1;

/** The servers, everything they link to (their own C library too, so that they run on older releases), and patchelf. */
export const PACKAGES: readonly string[] = [
  'postgresql-17',
  'postgresql-client-17',
  'postgresql-17-timescaledb',
  'nats-server',
  'patchelf',
  ...`libc6 libicu76 libssl3t64 libxml2 libxslt1.1 libpq5 libzstd1 liblz4-1 libldap2 libgssapi-krb5-2 libkrb5-3
  libk5crypto3 libcom-err2 libkrb5support0 libkeyutils1 libsasl2-2 libsystemd0 libcap2 libpam0g libaudit1
  libcap-ng0 libuuid1 libreadline8t64 libtinfo6 zlib1g libstdc++6 libgcc-s1 liblzma5 libgcrypt20 libgpg-error0
  libnuma1 liburing2 libselinux1 libpcre2-8-0 libedit2 libbsd0 libmd0 libxxhash0`.split(/\s+/),
];

/** Packages that are fetched together. */
export interface PackageSet {
  /** Part of the cache folder's name; empty for the servers, which were there first. */
  name: string;
  /** Packages fetched for another recipe are looked up again. */
  recipe: number | string;
  packages: readonly string[];
  /** Completes "fetching 40 packages of …". */
  what: string;
}

export const SERVERS: PackageSet = {
  name: '',
  recipe: RECIPE_VERSION,
  packages: PACKAGES,
  what: 'PostgreSQL 17, TimescaleDB and NATS',
};

/** Programs that get the folder's own loader and libraries, relative to the folder. */
export const PROGRAMS: readonly string[] = [
  ...['postgres', 'initdb', 'pg_ctl', 'psql', 'pg_isready', 'pg_dump'].map(
    (name) => `usr/lib/postgresql/${POSTGRES_MAJOR}/bin/${name}`,
  ),
  'usr/sbin/nats-server',
];

export interface Architecture {
  /** Debian's name of it. */
  debian: 'amd64' | 'arm64';
  /** Folder of the libraries, relative to the runtime folder. */
  libraries: string;
  /** The dynamic loader, relative to the runtime folder. */
  loader: string;
}

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, Architecture>> = {
  x64: {
    debian: 'amd64',
    libraries: 'usr/lib/x86_64-linux-gnu',
    loader: 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  },
  arm64: {
    debian: 'arm64',
    libraries: 'usr/lib/aarch64-linux-gnu',
    loader: 'usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
  },
};

/** What the recipe knows for this machine; undefined where it knows none (not Linux, another processor). */
export function architectureOf(
  platform: NodeJS.Platform,
  arch: NodeJS.Architecture,
): Architecture | undefined {
  return platform === 'linux' ? ARCHITECTURES[arch] : undefined;
}
