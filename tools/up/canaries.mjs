// npm run canaries: whether this machine keeps code of models in, and if not, why.
import { join } from 'node:path';
import { fail, prepare, root, say } from './prepare.mjs';

prepare();
const { ensureSandbox } = await import('@boocontrol/runtime');
const { DEFAULT_LIMITS, openSandboxes } = await import('@boocontrol/sandbox');

const folder =
  process.env.BOOCONTROL_SANDBOX ?? (await ensureSandbox({ dir: join(root, '.boocontrol'), log: say }));
const { usable, refused } = await openSandboxes({ folder });
for (const { name, reason } of refused) say(`${name} is refused: ${reason}`);
for (const { name } of usable) say(`${name} works (limits: ${JSON.stringify(DEFAULT_LIMITS)})`);
if (usable.length === 0) fail('No sandbox works on this machine: items with code are refused.');
