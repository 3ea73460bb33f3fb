import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxFolder } from '../folder.js';
import { Docker } from './backend.js';
import { DockerClient, lastLine } from './client.js';
import { imageOf } from './image.js';
import { dockerProfile } from './profile.js';

const ANSWER_MS = 5_000;

/** Docker as a sandbox, or why it cannot be one, in words. */
export async function openDocker(folder: SandboxFolder): Promise<Docker | string> {
  const client = new DockerClient();
  const answer = await client.run(['version', '--format', '{{.Server.Version}}'], ANSWER_MS);
  if (answer.code !== 0) return `no Docker daemon answers: ${lastLine(answer.stderr) || 'it says nothing'}`;
  try {
    const image = await imageOf(client, folder);
    const dir = await mkdtemp(join(tmpdir(), 'boocontrol-docker-'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
    const profile = join(dir, 'seccomp.json');
    await writeFile(profile, dockerProfile());
    return new Docker({ client, image, profile });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
