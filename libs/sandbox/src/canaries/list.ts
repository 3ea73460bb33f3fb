import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '../types.js';
import type { SandboxJob, SandboxLimits, SandboxOutcome, SandboxResult } from '../types.js';
import type { Trap } from './host.js';

/** Results of other canary suites are not believed: change it with every change of a canary. */
export const CANARY_VERSION = 1;

export interface Canary {
  readonly name: string;
  /** One run, or several that belong together. Resolves with why it was not contained, and what it was reported as. */
  readonly run: (runIn: RunIn) => Promise<Judged>;
}

export interface Judged {
  readonly reported: string;
  /** Null: contained, and reported as what it is. */
  readonly problem: string | null;
}

export interface RunIn {
  readonly trap: Trap;
  run(job: Omit<SandboxJob, 'label'>): Promise<SandboxResult>;
}

/** Small, so that the suite is quick; the default limits are kept in the same way. */
const SMALL: Partial<SandboxLimits> = { wallMs: 30_000, memoryMb: 160, workMb: 8, fileMb: 2 };

/** One that has to be stopped, and by what. */
function stopped(
  name: string,
  file: string,
  outcome: SandboxOutcome,
  limits: Partial<SandboxLimits>,
  more: (result: SandboxResult) => string | null = () => null,
): Canary {
  return {
    name,
    async run({ run, trap }) {
      const result = await run(job(file, trap, { limits: { ...SMALL, ...limits } }));
      return judge(result, more, outcome);
    },
  };
}

/** One that tries what must be refused, and ends by itself. */
function refused(
  name: string,
  file: string,
  more: (result: SandboxResult) => string | null = () => null,
  exitCode = 0,
): Canary {
  return {
    name,
    async run({ run, trap }) {
      const result = await run(job(file, trap, { limits: SMALL }));
      return judge(result, more, 'exited', exitCode);
    },
  };
}

export const CANARIES: readonly Canary[] = [
  stopped('fork bomb', 'fork_bomb', 'timeout', { wallMs: 800 }),
  refused('as many processes as it can', 'many_processes', ({ stdout }) => {
    const processes = Number(/processes (\d+)/.exec(stdout)?.[1] ?? NaN);
    return processes > 1 && processes <= DEFAULT_LIMITS.processes
      ? null
      : `it had ${processes} processes, ${DEFAULT_LIMITS.processes} are allowed`;
  }),
  stopped('memory bomb', 'memory_bomb', 'oom', { memoryMb: 96 }, neverSays('survived')),
  stopped('empty files without end', 'inode_bomb', 'oom', { memoryMb: 48 }, neverSays('files 5000000')),
  refused('memory in files', 'memory_in_files', allRefused(filledAtMost(16 * 2 ** 20))),
  stopped('1 GB of output', 'output_flood', 'output_limit', {}, ({ stdout, stdoutCut }) =>
    stdoutCut && stdout.length <= 1_048_576 ? null : 'its output is not said to be cut',
  ),
  stopped('endless loop', 'endless_loop', 'timeout', { wallMs: 500 }),
  stopped('processes that compute', 'cpu_burners', 'timeout', { cpuSeconds: 1, wallMs: 4_000 }),
  refused('network', 'network', allRefused()),
  refused('files of the host', 'host_files', allRefused()),
  refused('writing outside', 'writing_outside', allRefused()),
  refused('links', 'links', allRefused()),
  refused('other processes', 'other_processes', allRefused()),
  refused('/proc', 'proc_tricks', allRefused()),
  refused('system calls', 'system_calls', allRefused()),
  refused('a daemon left behind', 'double_fork', ({ stdout }) =>
    stdout === 'parent ends\n' ? null : 'it did not run as it should',
  ),
  {
    name: 'sleeping past the limit',
    async run({ run, trap }) {
      const sleeper = job('double_fork', trap, { limits: { ...SMALL, wallMs: 700 } });
      const result = await run({ ...sleeper, command: [...sleeper.command, '--stay'] });
      return judge(result, () => null, 'timeout');
    },
  },
  refused('forged exit code', 'exit_code', () => null, 7),
  {
    name: 'tampering with tests',
    async run({ run, trap }) {
      const files = { 'driver.py': 'the driver as it was handed in' };
      const first = await run(job('tampering', trap, { files, limits: SMALL }));
      const tampered = judge(first, allRefused(), 'exited');
      if (tampered.problem !== null) return tampered;
      const second = await run(job('after_tampering', trap, { files, limits: SMALL }));
      return judge(second, allRefused(says('the driver as it was handed in')), 'exited');
    },
  },
];

function job(
  file: string,
  trap: Trap,
  more: { files?: Record<string, string>; limits: Partial<SandboxLimits> },
): Omit<SandboxJob, 'label'> {
  return {
    files: { [`${file}.py`]: program(file), 'attempts.py': program('attempts'), ...more.files },
    command: ['python3', `${file}.py`],
    env: { TRAP: JSON.stringify(trap) },
    limits: more.limits,
  };
}

function program(name: string): string {
  return readFileSync(new URL(`../../canaries/${name}.py`, import.meta.url), 'utf8');
}

function judge(
  result: SandboxResult,
  more: (result: SandboxResult) => string | null,
  outcome: SandboxOutcome,
  exitCode = 0,
): Judged {
  const reported = result.outcome === 'exited' ? `exited with ${result.exitCode}` : result.outcome;
  const expected = outcome === 'exited' ? `exited with ${exitCode}` : outcome;
  if (reported !== expected) {
    const why = [result.problem, result.stderr.trim().slice(-300)].filter(Boolean).join('; ');
    return { reported, problem: `reported as ${reported}, not as ${expected}${why ? `: ${why}` : ''}` };
  }
  return { reported, problem: more(result) };
}

type Check = (result: SandboxResult) => string | null;

function allRefused(more: Check = () => null): Check {
  return (result) => {
    const worked = result.stdout.split('\n').find((line) => line.startsWith('DID'));
    if (worked !== undefined) return `it ${worked.replace('DID', 'did')}`;
    if (!result.stdout.includes('done')) return 'it did not come to its end';
    return more(result);
  };
}

function filledAtMost(bytes: number): Check {
  return ({ stdout }) => {
    const filled = Number(/filled (\d+)/.exec(stdout)?.[1] ?? NaN);
    return filled > 0 && filled <= bytes ? null : `it wrote ${filled} bytes of files, ${bytes} are allowed`;
  };
}

function says(text: string): Check {
  return ({ stdout }) => (stdout.includes(text) ? null : `it does not say "${text}"`);
}

function neverSays(text: string): Check {
  return ({ stdout }) => (stdout.includes(text) ? `it says "${text}"` : null);
}
