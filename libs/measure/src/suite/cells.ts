import type { CellLoad, CellSpec, Load, Suite } from '@boocontrol/contracts';

/**
 * Lower loads first, so that a sweep can end where more gains nothing. null: a search decides as it goes.
 */
export function cellsOf(suite: Suite): CellSpec[] | null {
  const loads = loadsOf(suite.load);
  return loads && groupsOf(suite).flatMap((group) => loads.map((load) => ({ ...group, load })));
}

/** What a suite varies besides its load. */
export function groupsOf({ promptTokens, outputTokens, depth, load }: Suite): Omit<CellSpec, 'load'>[] {
  const longest = (of: 'promptTokens' | 'outputTokens', given: readonly number[]): readonly number[] =>
    load.kind === 'replay'
      ? [load.requests.reduce((most, request) => Math.max(most, request[of]), 1)]
      : given;
  return longest('promptTokens', promptTokens).flatMap((prompt) =>
    longest('outputTokens', outputTokens).flatMap((output) =>
      depth.map((before) => ({ promptTokens: prompt, outputTokens: output, depth: before })),
    ),
  );
}

function loadsOf(load: Load): CellLoad[] | null {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  switch (load.kind) {
    case 'closed':
      return ascending(load.concurrency).map((concurrency) => ({ kind: 'closed', concurrency }));
    case 'open':
      return ascending(load.ratePerS).map((ratePerS) => openAt(load, ratePerS));
    case 'replay':
      return [load];
    case 'search':
      return null;
  }
}

/** A load at one of the rates of a suite. */
export function openAt(
  { arrivals, requests }: Extract<Load, { kind: 'open' | 'search' }>,
  ratePerS: number,
): CellLoad {
  return { kind: 'open', ratePerS, arrivals, requests };
}

/** The same for the same combination, in whatever suite: `pp512 tg128 d0 c4`, `pp512 tg128 d0 2/s poisson`. */
export function cellName(spec: CellSpec): string {
  const { load } = spec;
  const how =
    load.kind === 'closed'
      ? `c${load.concurrency}`
      : load.kind === 'open'
        ? `${load.ratePerS}/s ${load.arrivals}`
        : `replay x${load.speed}`;
  return `${groupOf(spec)} ${how}`;
}

/** The same for cells that differ in their load only: `pp512 tg128 d0`. */
export function groupOf({ promptTokens, outputTokens, depth }: Omit<CellSpec, 'load'>): string {
  return `pp${promptTokens} tg${outputTokens} d${depth}`;
}

/** How many requests are measured. */
export function requestsOf({ load }: CellSpec, repetitions: number): number {
  if (load.kind === 'replay') return repetitions * load.requests.length;
  return repetitions * (load.kind === 'closed' ? load.concurrency : load.requests);
}

/** Lengths of a measured request, in tokens: of a replay each has its own. */
export function lengthsOf(
  { promptTokens, outputTokens, load }: CellSpec,
  at: number,
): { promptTokens: number; outputTokens: number } {
  const recorded = load.kind === 'replay' ? load.requests[at % load.requests.length] : undefined;
  return recorded ?? { promptTokens, outputTokens };
}

/** Tokens of context that the longest of its requests takes. */
export function contextOf({ promptTokens, outputTokens, depth, load }: CellSpec): number {
  if (load.kind !== 'replay') return depth + promptTokens + outputTokens;
  return load.requests.reduce((most, one) => Math.max(most, depth + one.promptTokens + one.outputTokens), 0);
}
