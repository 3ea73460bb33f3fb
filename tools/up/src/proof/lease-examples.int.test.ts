import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LeasesPageSchema, type HeldLeaseReply, type Lease } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { projectRoot, startStack, waitFor, type Stack } from '@boocontrol/testing';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const EXAMPLE = /^```(?:bash|python|ts) (\S+)\n(.*?)^```$/gms;

/** docs/leases.md, as a reader would use it: its examples are copied into files and run against the whole system. */
describe('the examples of docs/leases.md', { timeout: 240_000 }, () => {
  let stack: Stack;
  let host: SimHost;
  let dir: string;

  beforeAll(async () => {
    // Below the project, so that packages are found by their names.
    dir = await mkdtemp(join(projectRoot(), 'tools/up/dist/examples-'));
    const page = readFileSync(join(projectRoot(), 'docs/leases.md'), 'utf8');
    for (const [, name = '', text = ''] of page.matchAll(EXAMPLE)) writeFileSync(join(dir, name), text);
    stack = await startStack();
    host = await createSimHost({ id: 'tower', models: [{ id: 'small', loadMs: 50 }] });
    await stack.addHost({ id: 'tower', baseUrl: host.url });
    const lease = await waitFor(() => acquire('nobody yet'), { what: 'a host that can be held' });
    await ask('DELETE', `/${lease.leaseId}?fencingToken=${lease.fencingToken}`);
    await endOf('nobody yet');
  });
  afterAll(async () => {
    await stack?.stop();
    await host?.close();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  const ask = (method: string, path = '', body?: object): Promise<Response> =>
    fetch(`${stack.url}/api/leases${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-boo-source': 'somebody' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function acquire(holder: string, takeOver = false): Promise<HeldLeaseReply> {
    const answer = await ask('POST', '', { providerId: 'tower', holder, purpose: 'a look at it', takeOver });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as HeldLeaseReply;
  }

  const leases = async (): Promise<Lease[]> => {
    const { held, ended } = LeasesPageSchema.parse(await (await ask('GET')).json());
    return [...held, ...ended];
  };
  const endOf = (holder: string): Promise<string> =>
    waitFor(async () => (await leases()).find((one) => one.holder === holder)?.end, {
      what: `the end of the lease of ${holder}`,
    });

  interface Ran {
    code: number;
    out: string;
  }
  async function ran(program: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
    // What runs the tests may ask for colours, which Node then puts around numbers.
    const { FORCE_COLOR: _colours, ...inherited } = process.env;
    const environment = { ...inherited, BOO_URL: stack.url, NATS_URL: stack.nats.url, ...env };
    try {
      const { stdout, stderr } = await run(program, args, { cwd: dir, env: environment, timeout: 40_000 });
      return { code: 0, out: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: `${stdout}${stderr}` };
    }
  }

  /** Whether this machine can run it; says so when it cannot. */
  async function canRun(what: string, program: string, args: string[]): Promise<boolean> {
    const { code, out } = await ran(program, args);
    if (code === 0) return true;
    console.log(`${what} was not run: ${[program, ...args].join(' ')} says ${out.trim() || code}`);
    return false;
  }

  /** Starts it, takes the host over when it has it, and tells how it ended. */
  async function takenFrom(running: Promise<Ran>): Promise<Ran> {
    await waitFor(async () => (await leases()).some(({ end }) => end === null), { what: 'the lease' });
    const lease = await acquire('ben', true);
    const result = await running;
    await ask('DELETE', `/${lease.leaseId}?fencingToken=${lease.fencingToken}`);
    await waitFor(async () => (await leases()).every(({ end }) => end !== null), { what: 'a free host' });
    return result;
  }

  test('hold.sh', async () => {
    if (!(await canRun('hold.sh', 'bash', ['-c', 'curl --version']))) return;
    const list = `curl -s ${stack.url}/api/leases`;
    const seen = await ran('bash', ['hold.sh', 'tower', 'bash', '-c', `sleep 1; ${list}`], {
      HEARTBEAT_S: '0.2',
    });
    expect(seen.code).toBe(0);
    const [held] = LeasesPageSchema.parse(JSON.parse(seen.out)).held;
    expect(held).toMatchObject({ providerId: 'tower', purpose: 'bench: nightly', source: 'nightly' });
    expect(await endOf(held?.holder ?? '')).toBe('released');

    const taken = await takenFrom(ran('bash', ['hold.sh', 'tower', 'sleep', '30'], { HEARTBEAT_S: '0.2' }));
    expect(taken.code).not.toBe(0);
    expect(taken.out).toContain('the host is not ours any more');
    expect(taken.out).toContain('taken_over');

    const other = await acquire('ben');
    const refused = await ran('bash', ['hold.sh', 'tower', 'true']);
    await ask('DELETE', `/${other.leaseId}?fencingToken=${other.fencingToken}`);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('"code":"host_leased"');
  });

  test('boo_lease.py', async () => {
    if (!(await canRun('boo_lease.py', 'python3', ['--version']))) return;
    await waitFor(async () => (await leases()).every(({ end }) => end !== null), { what: 'a free host' });
    const hold = (seconds: number): Promise<Ran> =>
      ran(
        'python3',
        [
          '-c',
          `import time
from boo_lease import HostLease, HostTaken
try:
    with HostLease("tower", holder="python", purpose="bench: nightly") as lease:
        for step in range(${seconds} * 10):
            lease.check()
            time.sleep(0.1)
    print("all done")
except HostTaken as taken:
    print(taken)`,
        ],
        { HEARTBEAT_S: '0.2' },
      );
    expect((await hold(1)).out).toBe('all done\n');
    expect(await endOf('python')).toBe('released');
    const taken = await takenFrom(hold(30));
    expect(taken.out).toContain('LeaseLost: ben has taken the host over');
    const other = await acquire('ben');
    expect((await hold(1)).out).toMatch(/^ben has had tower to itself since /);
    await ask('DELETE', `/${other.leaseId}?fencingToken=${other.fencingToken}`);
  });

  test('nightly.py, with the openai package', async () => {
    if (!(await canRun('nightly.py', 'python3', ['-c', 'import openai']))) return;
    await waitFor(async () => (await leases()).every(({ end }) => end !== null), { what: 'a free host' });
    const { code, out } = await ran('python3', ['nightly.py', 'tower', `${host.url}/v1`, 'small']);
    expect(out).toMatch(/^\d+ tokens\n\d+ tokens\n$/);
    expect(code).toBe(0);
    expect(await endOf('nightly.py')).toBe('released');
  });

  test('nightly.ts', async () => {
    await waitFor(async () => (await leases()).every(({ end }) => end !== null), { what: 'a free host' });
    const source = readFileSync(join(dir, 'nightly.ts'), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(dir, 'nightly.mjs'), outputText);
    const args = ['nightly.mjs', 'tower', `${host.url}/v1`, 'small'];
    expect(await ran(process.execPath, args)).toEqual({
      code: 0,
      out: '200 and the host was ours all the time\n',
    });
    expect(await endOf('nightly.ts')).toBe('released');
    const other = await acquire('ben');
    expect((await ran(process.execPath, args)).out).toMatch(/^ben has had tower to itself since /);
    await ask('DELETE', `/${other.leaseId}?fencingToken=${other.fencingToken}`);
  });
});
