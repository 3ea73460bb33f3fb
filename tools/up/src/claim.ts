import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isAlive, type ProcessId } from '@boocontrol/runtime';

export interface Claim {
  update(facts: { address: string }): void;
  release(): void;
}

interface Holder {
  process: ProcessId;
  address?: string;
}

function read(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** One `npm start` per clone: two would fight over the same data. Throws an Error that says where the other one runs. */
export function claim(path: string): Claim {
  const other = read(path);
  if (other?.process && isAlive(other.process)) {
    throw new Error(
      `BooControl already runs from this folder (process ${other.process.pid}${other.address ? `, ${other.address}` : ''}).\n` +
        'Stop that one first (Ctrl-C there), or use it.',
    );
  }
  const holder: Holder = { process: identify(process.pid) ?? { pid: process.pid, startTicks: 0 } };
  const write = (): void => writeFileSync(path, JSON.stringify(holder), { mode: 0o600 });
  write();
  return {
    update: (facts) => {
      Object.assign(holder, facts);
      write();
    },
    release: () => rmSync(path, { force: true }),
  };
}
