import type { SandboxBackend, SandboxJob, SandboxResult } from '@boocontrol/sandbox';

/** A sandbox that runs at most `most` jobs at the same time; the others wait for their turn. */
export function atOnce(backend: SandboxBackend, most: number): SandboxBackend {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    name: backend.name,
    removeOrphans: () => backend.removeOrphans(),
    run: async (job: SandboxJob): Promise<SandboxResult> => {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await backend.run(job);
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
