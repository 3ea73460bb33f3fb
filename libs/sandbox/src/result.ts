import { constants } from 'node:os';
import type { Ending } from './supervise/supervise.js';
import type { SandboxResult } from './types.js';

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

type Measured = Pick<
  Ending,
  'stdout' | 'stderr' | 'stdoutCut' | 'stderrCut' | 'wallMs' | 'cpuMs' | 'peakMemoryMb'
>;

const NOTHING: Measured = {
  stdout: '',
  stderr: '',
  stdoutCut: false,
  stderrCut: false,
  wallMs: 0,
  cpuMs: null,
  peakMemoryMb: null,
};

export function exited(exitCode: number, ending: Ending): SandboxResult {
  const signal = exitCode > 128 ? (SIGNALS.get(exitCode - 128) ?? null) : null;
  return { outcome: 'exited', exitCode, signal, ...measured(ending), problem: null };
}

export function ended(
  outcome: Exclude<SandboxResult['outcome'], 'exited'>,
  problem: string,
  ending: Ending | null = null,
): SandboxResult {
  return { outcome, exitCode: null, signal: null, ...measured(ending), problem };
}

function measured(ending: Ending | null): Measured {
  if (ending === null) return NOTHING;
  const { stdout, stderr, stdoutCut, stderrCut, wallMs, cpuMs, peakMemoryMb } = ending;
  return { stdout, stderr, stdoutCut, stderrCut, wallMs, cpuMs, peakMemoryMb };
}
