import type { Job, JobFact, JobState } from '@boocontrol/contracts';

/** Jobs that are remembered; those that were not heard of for longest are forgotten. */
const MOST = 1_000;

/** Where a fact stands among those of its run. */
interface Place {
  /** null: not told. */
  n: number | null;
  /** Sequence in the stream. */
  seq: number;
}

interface Known {
  job: Job;
  /** Of the fact that the state is from; null: there was none yet. */
  stateFrom: Place | null;
  progressFrom: Place | null;
}

export interface JobFilter {
  kind?: readonly string[] | undefined;
  state?: readonly JobState[] | undefined;
  limit: number;
}

/**
 * What the facts of jobs come to. They may come late, twice and past each other, and of each event of a run the last one is
 * enough.
 */
export class JobList {
  private readonly known = new Map<string, Known>();

  /** @param seq of the fact in the stream */
  add(fact: JobFact, seq: number): void {
    const place = { n: fact.n ?? null, seq };
    const key = `${fact.kind}.${fact.run}`;
    const known = this.known.get(key) ?? unheardOf(fact);
    this.known.set(key, known);
    const { job } = known;
    if (fact.at > job.at) job.at = fact.at;
    job.title = fact.title ?? job.title;
    job.providerId = fact.providerId ?? job.providerId;
    switch (fact.event) {
      case 'cell':
      case 'regressed':
        break;
      case 'progress':
        if (!isLater(place, known.progressFrom)) break;
        known.progressFrom = place;
        job.done = fact.body.done;
        job.total = fact.body.total;
        break;
      default:
        if (!isLater(place, known.stateFrom)) break;
        known.stateFrom = place;
        job.state = fact.event;
        job.reason = fact.event === 'failed' || fact.event === 'interrupted' ? fact.body.reason : null;
    }
    if (this.known.size > MOST) this.forgetOne();
  }

  /** Last heard of first. */
  list({ kind, state, limit }: JobFilter): Job[] {
    return [...this.known.values()]
      .map(({ job }) => job)
      .filter((job) => (kind?.includes(job.kind) ?? true) && (state?.includes(job.state) ?? true))
      .sort(lastFirst)
      .slice(0, limit);
  }

  private forgetOne(): void {
    const [oldest] = [...this.known].sort(([, a], [, b]) => lastFirst(b.job, a.job));
    if (oldest !== undefined) this.known.delete(oldest[0]);
  }
}

/** What is heard of has begun, unless a fact says otherwise. */
function unheardOf({ kind, run, at }: JobFact): Known {
  return {
    job: {
      kind,
      run,
      title: null,
      providerId: null,
      state: 'running',
      at,
      done: null,
      total: null,
      reason: null,
    },
    stateFrom: null,
    progressFrom: null,
  };
}

function isLater(place: Place, than: Place | null): boolean {
  if (than === null) return true;
  return place.n !== null && than.n !== null ? place.n > than.n : place.seq > than.seq;
}

/** Instants have one form, so they compare as text. */
function lastFirst(a: Job, b: Job): number {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1;
  return `${a.kind}.${a.run}` < `${b.kind}.${b.run}` ? -1 : 1;
}
