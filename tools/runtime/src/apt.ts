import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptFailure } from './apt-failure.js';
import { DEBIAN_KEYRINGS, debianMirrors, parseDeb822, parseOneLineList } from './apt-sources.js';
import type { AptSource } from './apt-sources.js';
import { OTHER_WAYS, RuntimeError } from './errors.js';
import { exec } from './exec.js';
import type { ExecResult } from './exec.js';
import { RELEASE } from './recipe.js';

/** A package file as the signed index of the mirror describes it. */
export interface PackageFile {
  file: string;
  sizeBytes: number;
  sha256: string;
}

/** apt with a state of its own in `dir`: nothing of the system's package database is read or changed, no root needed. */
export class PrivateApt {
  constructor(
    private readonly dir: string,
    private readonly architecture: string,
  ) {}

  /** Fetches the package index from the first mirror that has it. Throws RuntimeError. */
  async update(): Promise<void> {
    const keyring = DEBIAN_KEYRINGS.find((path) => existsSync(path));
    if (keyring === undefined && !(await hasApt())) throw aptFailure('looking for apt-get', MISSING);
    if (keyring === undefined) {
      throw new RuntimeError(
        'no_keyring',
        "Debian's archive keyring is not on this machine, so downloads could not be checked.",
        `Install the package debian-archive-keyring. ${OTHER_WAYS}`,
      );
    }
    await mkdir(join(this.dir, 'lists/partial'), { recursive: true });
    await mkdir(join(this.dir, 'cache/archives/partial'), { recursive: true });
    await writeFile(join(this.dir, 'status'), '');
    await writeFile(join(this.dir, 'apt.conf'), await this.configuration());
    let first: RuntimeError | undefined;
    for (const mirror of debianMirrors(await systemSources(), process.env['BOOCONTROL_DEBIAN_MIRROR']).slice(
      0,
      4,
    )) {
      const line = `deb [arch=${this.architecture} signed-by=${keyring}] ${mirror} ${RELEASE} main\n`;
      await writeFile(join(this.dir, 'sources.list'), line, { mode: 0o600 });
      const result = await this.run(['update']);
      if (result.code === 0) return;
      first ??= aptFailure(`fetching the package index from ${withoutPassword(mirror)}`, result);
      if (first.code === 'no_apt' || first.code === 'disk_full') break;
    }
    throw (
      first ??
      new RuntimeError(
        'no_mirror',
        "The system's apt sources name no Debian mirror (is this a Debian derivative?).",
        `Set BOOCONTROL_DEBIAN_MIRROR to the address of one. ${OTHER_WAYS}`,
      )
    );
  }

  /** The files that `download` would fetch, with size and hash. Throws RuntimeError. */
  async list(packages: readonly string[]): Promise<PackageFile[]> {
    const doing = 'reading the package index';
    const result = await this.run(['download', '--print-uris', ...packages]);
    if (result.code !== 0) throw aptFailure(doing, result);
    const files = parsePrintUris(result.stdout);
    if (files.length !== packages.length) {
      throw aptFailure(doing, { ...result, stderr: 'Unable to locate package: the index is incomplete' });
    }
    return files;
  }

  /** Downloads packages by name into `into`; apt checks their hashes. Throws RuntimeError. */
  async download(names: readonly string[], into: string): Promise<void> {
    const result = await this.run(['download', ...names], into);
    if (result.code !== 0) throw aptFailure('downloading the packages', result);
  }

  private run(args: readonly string[], cwd?: string): Promise<ExecResult> {
    const env = { ...process.env, APT_CONFIG: join(this.dir, 'apt.conf'), LC_ALL: 'C' };
    return exec('apt-get', ['-qq', ...args], { env, ...(cwd === undefined ? {} : { cwd }) });
  }

  /** Leaves the system's own configuration out (its hooks and pins), except how it reaches the network. */
  private async configuration(): Promise<string> {
    const dump = await exec('apt-config', ['dump'], { env: { ...process.env, LC_ALL: 'C' } });
    const network = dump.stdout
      .split('\n')
      .filter((line) =>
        /^Acquire::(https?|ftp|tor|socks5h?|Check-Valid-Until|Check-Date|ForceIPv[46])\b/.test(line),
      );
    return [
      ...network,
      `Dir::Etc::Main "/dev/null";`,
      `Dir::Etc::Parts "/dev/null";`,
      `Dir::Etc::SourceList "${this.dir}/sources.list";`,
      `Dir::Etc::SourceParts "/dev/null";`,
      `Dir::Etc::Preferences "/dev/null";`,
      `Dir::Etc::PreferencesParts "/dev/null";`,
      `Dir::State "${this.dir}";`,
      `Dir::State::Lists "${this.dir}/lists";`,
      `Dir::State::Status "${this.dir}/status";`,
      `Dir::Cache "${this.dir}/cache";`,
      `Dir::Cache::pkgcache "";`,
      `Dir::Cache::srcpkgcache "";`,
      // As root apt would drop to a user that cannot read this folder.
      `APT::Sandbox::User "root";`,
      `APT::Architecture "${this.architecture}";`,
      `APT::Update::Error-Mode "any";`,
      `Acquire::Languages "none";`,
      `Acquire::GzipIndexes "true";`,
      `Acquire::Retries "2";`,
      `Acquire::http::Timeout "20";`,
      `Acquire::https::Timeout "20";`,
      '',
    ].join('\n');
  }
}

/** Reads lines such as `'http://…/x.deb' x_1.0_amd64.deb 57680 SHA256:3d1d…`. */
export function parsePrintUris(text: string): PackageFile[] {
  return text.split('\n').flatMap((line) => {
    const match = /^'[^']+' (\S+\.deb) (\d+) SHA256:([0-9a-f]{64})\s*$/.exec(line);
    if (match === null) return [];
    return [{ file: match[1] ?? '', sizeBytes: Number(match[2]), sha256: match[3] ?? '' }];
  });
}

/** Whether apt-get can be started here. */
export async function hasApt(): Promise<boolean> {
  const result = await exec('apt-get', ['--version'], { timeoutMs: 20_000 });
  return result.code === 0;
}

const MISSING: ExecResult = { code: -1, stdout: '', stderr: '', missing: true, timedOut: false };

async function systemSources(): Promise<AptSource[]> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder).catch(() => [] as string[])).sort();
  const sources = parseOneLineList(await read('/etc/apt/sources.list'));
  for (const name of names) {
    const path = join(folder, name);
    if (name.endsWith('.sources')) sources.push(...parseDeb822(await read(path)));
    if (name.endsWith('.list')) sources.push(...parseOneLineList(await read(path)));
  }
  return sources;
}

function withoutPassword(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//');
}
