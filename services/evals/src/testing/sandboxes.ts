import { openSandboxes, type SandboxBackend } from '@boocontrol/sandbox';
import { sandboxFolder } from '@boocontrol/testing';

/** Every sandbox that works on this machine; at least one has to. */
export async function sandboxes(): Promise<readonly SandboxBackend[]> {
  const { usable, refused } = await openSandboxes({ folder: await sandboxFolder() });
  if (usable.length === 0)
    throw new Error(refused.map(({ name, reason }) => `${name}: ${reason}`).join('; '));
  return usable;
}
