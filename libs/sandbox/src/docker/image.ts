import { spawn } from 'node:child_process';
import { lastLine } from './client.js';
import type { DockerClient } from './client.js';
import type { SandboxFolder } from '../folder.js';

const IMPORT_MS = 300_000;

/**
 * The id of the image made of the root file system, imported where it is not there yet. Runs name this id and no tag, which
 * could come to mean another image.
 * @throws {Error} with what Docker says when it cannot be imported
 */
export async function imageOf(docker: DockerClient, folder: SandboxFolder): Promise<string> {
  const tag = `boocontrol-sandbox:${folder.id}`;
  const known = await docker.run(['image', 'inspect', '--format', '{{.Id}}', tag]);
  if (known.code === 0) return known.stdout.trim();
  // The same bytes on every machine, whoever unpacked them and when.
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const tar = spawn('tar', [...same, '-C', `${folder.path}/rootfs`, '-c', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  tar.once('error', () => undefined);
  const imported = await docker.run(['import', '-', tag], IMPORT_MS, tar.stdout);
  const id = imported.stdout.trim();
  if (imported.code !== 0 || !id.startsWith('sha256:'))
    throw new Error(`the image cannot be imported: ${lastLine(imported.stderr)}`);
  return id;
}
