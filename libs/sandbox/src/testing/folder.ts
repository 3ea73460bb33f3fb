import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder as tools/runtime makes it, whose bwrap is a script of one's own. */
export async function folderWithBwrap(real: string, into: string, script: string): Promise<string> {
  const folder = join(into, 'sandbox');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await symlink(join(real, 'rootfs'), join(folder, 'rootfs'));
  await writeFile(join(folder, 'manifest.json'), await readFile(join(real, 'manifest.json')));
  await writeFile(join(folder, 'bin/bwrap'), `#!/bin/bash\n${script}\n`);
  await chmod(join(folder, 'bin/bwrap'), 0o755);
  return folder;
}

/** A script that starts the real bwrap without some of its options. @param dropped how many values each of them has */
export function withoutOptions(real: string, dropped: Readonly<Record<string, number>>): string {
  const cases = Object.entries(dropped).map(([option, values]) => `    ${option}) shift ${values + 1} ;;`);
  return [
    'kept=()',
    'while [ $# -gt 0 ]; do',
    '  case "$1" in',
    ...cases,
    '    *) kept+=("$1"); shift ;;',
    '  esac',
    'done',
    `exec ${join(real, 'bin/bwrap')} "\${kept[@]}"`,
  ].join('\n');
}
