import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/shell-size.mjs', import.meta.url));

it('no page loads more than its budget of script', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout.match(/kB of gzipped script/g)).toHaveLength(2);
});
