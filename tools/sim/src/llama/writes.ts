/** One streamed answer: when each of its chunks with tokens was handed to its socket. */
export interface WrittenAnswer {
  /** As in its chunks. */
  id: string;
  /** Of the machine's monotonic clock, which is the same for all its processes: `process.hrtime`. */
  chunks: { atMs: number; tokens: number }[];
}

/** Answers that are remembered. */
const KEPT = 5_000;

/** What was written when: the truth that whoever measures this host can be held against. */
export class WriteLedger {
  readonly answers: WrittenAnswer[] = [];

  begin(id: string): WrittenAnswer {
    const answer: WrittenAnswer = { id, chunks: [] };
    this.answers.push(answer);
    if (this.answers.length > KEPT) this.answers.shift();
    return answer;
  }
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
