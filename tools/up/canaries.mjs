// npm run canaries: whether this machine keeps code of models in, and if not, why. Exit code 1: it does not.
import { join } from 'node:path';
import { fail, prepare, root, say } from './prepare.mjs';

prepare();
const { ensureSandbox } = await import('@boocontrol/runtime');
const { canaryTable, DEFAULT_LIMITS, openSandboxes } = await import('@boocontrol/sandbox');

const folder =
  process.env.BOOCONTROL_SANDBOX ?? (await ensureSandbox({ dir: join(root, '.boocontrol'), log: say }));
let failed = false;
const { usable, refused, id, differs } = await openSandboxes({
  folder,
  onReport: (report) => {
    console.log(`\n${canaryTable(report)}\n`);
    failed ||= !report.passed;
  },
});
for (const { name, reason } of refused) say(`${name} is not used: ${reason}`);
if (differs.length > 0) say(`Newer than what the release pins: ${differs.join(', ')}`);
if (usable.length === 0) fail('No sandbox holds on this machine: items with code are refused.');
const { wallMs, memoryMb, processes } = DEFAULT_LIMITS;
say(
  `Code of models runs in ${usable[0].name} (programs ${id}), by default for ${wallMs / 1000} s in ${memoryMb} MB with ${processes} processes.`,
);
process.exit(failed ? 1 : 0);
