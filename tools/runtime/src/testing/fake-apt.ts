import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../exec.js';

/** Puts programs of its own in front of PATH, for as long as `work` runs. */
export async function withProgram<T>(
  dir: string,
  name: string,
  script: string,
  work: () => Promise<T>,
): Promise<T> {
  const bin = join(dir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  return withPath(`${bin}:${process.env['PATH']}`, work);
}

/** A PATH on which only the named programs exist. */
export async function withOnly<T>(dir: string, names: readonly string[], work: () => Promise<T>): Promise<T> {
  const bin = join(dir, 'only');
  await mkdir(bin, { recursive: true });
  for (const name of names) {
    const { stdout } = await exec('sh', ['-c', `command -v ${name}`]);
    await symlink(stdout.trim(), join(bin, name));
  }
  return withPath(bin, work);
}

async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}

/**
 * An apt-get that serves package files from a folder of an earlier download, without network, and writes each call to
 * `calls`. `cut` names files that it hands out cut short.
 */
export async function servingApt(
  source: string,
  calls: string,
  cut: readonly string[] = [],
): Promise<string> {
  const manifest = JSON.parse(await readFile(join(source, 'manifest.json'), 'utf8')) as {
    files: { file: string; sizeBytes: number; sha256: string }[];
  };
  const uris = manifest.files.map(
    ({ file, sizeBytes, sha256 }) => `'http://mirror.example/${file}' ${file} ${sizeBytes} SHA256:${sha256}`,
  );
  return `echo "$@" >> '${calls}'
case "$*" in
  *--version*|*update*) ;;
  *--print-uris*) cat <<'LIST'
${uris.join('\n')}
LIST
  ;;
  *download*)
    for name in "$@"; do
      for file in '${source}'/"$name"_*.deb; do [ -e "$file" ] && cp "$file" .; done
    done
    for file in ${cut.join(' ')}; do head -c 100 "$file" > cut && mv cut "$file"; done ;;
esac
exit 0`;
}
