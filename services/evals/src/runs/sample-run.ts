import type { EvalItem, EvalSampler, EvalSuite } from '@boocontrol/contracts';
import type { Chat } from '@boocontrol/measure';
import { insertSent, pause } from '@boocontrol/platform';
import type { SandboxBackend } from '@boocontrol/sandbox';
import type { DataSource } from 'typeorm';
import type { Transcript } from '../asking/types.js';
import type { Grade } from '../grading/types.js';
import { SCHEMA } from '../schema.js';
import type { Engine } from './engine.js';
import { kept } from './kept.js';
import { noAnswer, noteGrading, type DoneSample } from './samples.repository.js';
import { HostTroubleError, NotAskedError, Sending, TooSlowError } from './sending.js';
import type { EvalTimings } from './timings.js';

export interface SampleParts {
  runId: string;
  item: EvalItem;
  suite: EvalSuite;
  sampler: EvalSampler;
  seed: number;
  chat: Chat;
  countTokens: (text: string) => Promise<number | null>;
  engine: Engine;
  /** null: none is usable here. */
  sandbox: SandboxBackend | null;
  db: DataSource;
  signal: AbortSignal;
  timings: EvalTimings;
  /** Waits until the host is there again, for a while. false: it is not. */
  isBack: () => Promise<boolean>;
}

/** What is our fault is tried so often in all before that is kept. */
const TRIES = 3;

/** One attempt at one sample: asked, graded, ready to be stored. */
export class SampleRun {
  constructor(
    private readonly parts: SampleParts,
    private readonly n: number,
    private readonly attempt: number,
  ) {}

  /**
   * @throws the signal's reason when that fires
   * @throws {HostTroubleError} when nothing answers at all any more; {MeasureError} `key_needed`, `model_unknown`
   */
  async run(): Promise<DoneSample> {
    const { sampler, timings, signal } = this.parts;
    const sent: DoneSample['sent'][number][] = [];
    for (let tried = 1; ; tried += 1) {
      const sending = this.sending();
      try {
        const { grade, transcript } = await this.once(sending);
        sent.push(...sending.sent);
        const isOurFault = grade.outcome === 'harness_error';
        if (isOurFault && tried < TRIES) {
          await pause(timings.againMs * tried, signal);
          signal.throwIfAborted();
          continue;
        }
        const keeping = transcript === null ? { transcript, isCut: false } : kept(transcript);
        const { times, promptHash } = sending;
        return { attempt: this.attempt, grade, ...keeping, times, promptHash, sampler, sent };
      } catch (error) {
        // Rows of the host tell of these, too.
        await this.tellSent([...sent, ...sending.sent]);
        throw error;
      }
    }
  }

  private sending(): Sending {
    const { chat, sampler, seed, suite, signal } = this.parts;
    return new Sending(chat, sampler, seed, suite.timeoutS * 1_000, signal);
  }

  private async once(sending: Sending): Promise<{ grade: Grade; transcript: Transcript | null }> {
    const { item, suite, chat, countTokens, engine, signal, db, runId, sandbox } = this.parts;
    let transcript: Transcript;
    try {
      transcript = await engine.ask(item, suite, {
        send: sending.send,
        countTokens,
        contextTokens: chat.fingerprint.contextTokens,
        signal,
      });
    } catch (error) {
      return { grade: await this.unanswered(error), transcript: null };
    }
    await noteGrading(db, runId, this.n).catch(() => undefined); // For whoever watches.
    const grade = await engine.grade(item, transcript, { sandbox, label: runId, signal });
    signal.throwIfAborted();
    return { grade, transcript };
  }

  /** What became of a sample that has no answer. @throws what ends the run */
  private async unanswered(error: unknown): Promise<Grade> {
    this.parts.signal.throwIfAborted();
    if (error instanceof TooSlowError)
      return noAnswer('timeout', { code: 'answer_timeout', message: error.message });
    if (error instanceof NotAskedError) return noAnswer('invalid', error.problem);
    if (!(error instanceof HostTroubleError)) throw error;
    if (error.isAway && !(await this.parts.isBack())) throw error;
    return noAnswer('harness_error', error.problem);
  }

  private async tellSent(sent: DoneSample['sent']): Promise<void> {
    const { db, runId } = this.parts;
    const attempt = { runId, cell: this.n, attempt: this.attempt };
    await insertSent(db.manager, SCHEMA, attempt, sent).catch(() => undefined);
  }
}
