import {
  DRY_RUN_CHANGES,
  DRY_RUN_REQUESTS,
  type DryRun,
  type DryRunGap,
  type RoutePolicyInput,
} from '@boocontrol/contracts';
import type { Decided } from './dry-run.repository.js';
import { redecide } from './redecide.js';
import type { Past } from './standings.js';

interface DryRunOptions {
  draft: RoutePolicyInput;
  /** By version. */
  rules: ReadonlyMap<number, RoutePolicyInput>;
  /** What is known of the time of a request. */
  pastOf: (at: string) => Past;
  /** Whether nobody waits for it any more. */
  isAbandoned: () => boolean;
}

type Told = Omit<DryRun, 'from' | 'to'>;

/** Holds a draft against records, page by page. null: it was abandoned. */
export async function dryRun(pages: AsyncIterable<Decided[]>, options: DryRunOptions): Promise<Told | null> {
  const told: Told = {
    requests: 0,
    isCut: false,
    same: 0,
    otherwise: 0,
    untold: 0,
    gaps: [],
    changes: [],
  };
  const gaps = new Map<DryRunGap, number>();
  for await (const page of pages) {
    if (options.isAbandoned()) return null;
    const room = DRY_RUN_REQUESTS - told.requests;
    for (const one of page.slice(0, room)) add(told, gaps, one, options);
    told.isCut = page.length > room;
    if (told.isCut) break;
  }
  told.gaps = [...gaps]
    .map(([because, requests]) => ({ because, requests }))
    .sort((a, b) => b.requests - a.requests || (a.because < b.because ? -1 : 1));
  return told;
}

function add(
  told: Told,
  gaps: Map<DryRunGap, number>,
  { id, at, endpoint, source, version, candidates }: Decided,
  { draft, rules: versions, pastOf }: DryRunOptions,
): void {
  told.requests++;
  const rules = versions.get(version);
  const again =
    rules === undefined
      ? ({ is: 'untold', because: 'rules' } as const)
      : redecide({ candidates, rules, draft, past: pastOf(at) });
  told[again.is]++;
  if (again.is === 'untold') gaps.set(again.because, (gaps.get(again.because) ?? 0) + 1);
  if (again.is === 'otherwise' && told.changes.length < DRY_RUN_CHANGES)
    told.changes.push({ id, at, endpoint, source, version, ...again.change });
}
