import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Bubblewrap } from './bubblewrap/backend.js';
import type { SandboxBackend } from './types.js';

export interface OpenOptions {
  /** What tools/runtime made (BOOCONTROL_SANDBOX): `rootfs`, `bin/bwrap`, `manifest.json`. Undefined: there is none. */
  folder: string | undefined;
}

export interface Refused {
  readonly name: SandboxBackend['name'];
  /** In words, with what to do where something can be done. */
  readonly reason: string;
}

export interface OpenedSandboxes {
  /** The first is the one to take. */
  readonly usable: readonly SandboxBackend[];
  readonly refused: readonly Refused[];
}

/** The sandboxes that work on this machine, and why others do not. Never rejects. */
export async function openSandboxes({ folder }: OpenOptions): Promise<OpenedSandboxes> {
  if (folder === undefined || !existsSync(join(folder, 'manifest.json')))
    return { usable: [], refused: [{ name: 'bubblewrap', reason: 'its root file system is not there' }] };
  const arch = process.arch;
  if (process.platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
    return {
      usable: [],
      refused: [
        {
          name: 'bubblewrap',
          reason: `it runs on Linux on x64 and arm64, not on ${process.platform} ${arch}`,
        },
      ],
    };
  const bubblewrap = new Bubblewrap({
    bwrap: join(folder, 'bin/bwrap'),
    rootfs: join(folder, 'rootfs'),
    arch,
  });
  const plain = await bubblewrap.run({
    files: {},
    command: ['python3', '-I', '-c', 'print(1)'],
    label: 'open',
  });
  if (plain.outcome !== 'exited' || plain.stdout !== '1\n')
    return { usable: [], refused: [{ name: 'bubblewrap', reason: plain.problem ?? plain.stderr }] };
  return { usable: [bubblewrap], refused: [] };
}
