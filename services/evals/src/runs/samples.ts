import {
  calls,
  type EvalSample,
  type EvalSampleKeySchema,
  type EvalSamplesPage,
} from '@boocontrol/contracts';
import { MAX_REPLY_BYTES, Outbox, refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Sandboxes } from '../grading/sandboxes.js';
import { Suites } from '../suites/suites.js';
import { NO_SUCH_RUN } from './details.js';
import { ENGINE, type Engine } from './engine.js';
import { jobs } from './jobs.js';
import { withoutMiddle } from './keepable.js';
import { findSample, listSamples } from './sample-lists.repository.js';
import { gradedSample, writeGrade } from './samples.repository.js';
import { Scoring } from './scoring.js';
import { recount, rescore } from './summary.repository.js';

type Key = z.output<typeof EvalSampleKeySchema>;

/** Where an answer does not fit into one message each long text of it is shortened to so many characters, step by step. */
const SHORTER = [100_000, 30_000, 10_000, 3_000];

/** Samples of runs: read, and graded once more. */
@Injectable()
export class Samples {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Sandboxes) private readonly sandboxes: Sandboxes,
    @Inject(Scoring) private readonly scoring: Scoring,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** @throws {CallError} `unknown_run`, `bad_cursor` */
  async list(query: z.output<typeof calls.evalSamples.request>): Promise<EvalSamplesPage> {
    if ((await jobs.find(this.db, query.id)) === null)
      throw refuse(calls.evalSamples, 'unknown_run', NO_SUCH_RUN);
    return listSamples(this.db, query);
  }

  /** @throws {CallError} `unknown_run`, `unknown_sample` */
  async one(key: Key): Promise<EvalSample> {
    const row = await jobs.find(this.db, key.id);
    if (row === null) throw refuse(calls.evalSample, 'unknown_run', NO_SUCH_RUN);
    const { id, suiteName, suiteHash, providerId, model } = row.run;
    const found = await this.suites.find(suiteName, suiteHash);
    const question = found?.suite.items.find((item) => item.id === key.item);
    const stored = await findSample(this.db, key);
    if (stored === null || question === undefined)
      throw refuse(calls.evalSample, 'unknown_sample', NO_SUCH_SAMPLE);
    const { transcript, ...rest } = stored;
    const { prompt = [], answer = [], reasoning = null } = transcript ?? {};
    const run = { id, suiteName, suiteHash, providerId, model };
    return fitting({ ...rest, run, question, prompt, answer, reasoning });
  }

  /** @throws {CallError} `unknown_run`, `unknown_sample`, `not_ended`, `no_sandbox` */
  async regrade(key: Key): Promise<EvalSample> {
    const call = calls.regradeEvalSample;
    const row = await jobs.find(this.db, key.id);
    if (row === null) throw refuse(call, 'unknown_run', NO_SUCH_RUN);
    if (row.run.endedAt === null) throw refuse(call, 'not_ended', NOT_ENDED);
    const found = await this.suites.find(row.run.suiteName, row.run.suiteHash);
    const item = found?.suite.items.find(({ id }) => id === key.item);
    const sample = await gradedSample(this.db, key);
    if (item === undefined || sample === null) throw refuse(call, 'unknown_sample', NO_SUCH_SAMPLE);
    if (sample.transcript === null)
      throw refuse(call, 'unknown_sample', 'This sample has no answer that could be graded.');
    const noSandbox = item.kind === 'coding' ? await this.sandboxes.whyNone() : null;
    if (noSandbox !== null) throw refuse(call, 'no_sandbox', noSandbox);
    const grade = await this.engine.grade(item, sample.transcript, {
      sandbox: await this.sandboxes.first(),
      label: key.id,
      signal: AbortSignal.timeout(REGRADE_MS),
    });
    const scored = await this.scoring.knownOf(key.id);
    const isWritten = await this.db.transaction(async (manager) => {
      if (!(await writeGrade(manager, key, grade))) return false;
      await recount(manager, key.id);
      await rescore(manager, key.id, scored);
      return true;
    });
    if (!isWritten) throw refuse(call, 'not_ended', NOT_ENDED);
    this.outbox.notify();
    return this.one(key);
  }
}

const NO_SUCH_SAMPLE = 'There is no such sample, or it has no outcome yet.';
const NOT_ENDED = 'This run has not ended. Its samples can be graded again when it has.';
/** All tests of an item, each as long as it may take. */
const REGRADE_MS = 600_000;

/** As one message: long texts lose their middle, and say so. */
function fitting(sample: EvalSample): EvalSample {
  let shown = sample;
  for (const max of SHORTER) {
    if (Buffer.byteLength(JSON.stringify(shown)) <= MAX_REPLY_BYTES) return shown;
    shown = shorter(sample, max);
  }
  return shown;
}

function shorter(sample: EvalSample, max: number): EvalSample {
  const cut = (text: string): string => withoutMiddle(text, max);
  const messages = (all: EvalSample['prompt']): EvalSample['prompt'] =>
    all.map((message) => ({ ...message, content: cut(message.content) }));
  const { prompt, answer, reasoning, output } = sample;
  return {
    ...sample,
    prompt: messages(prompt),
    answer: messages(answer),
    answerCut: true,
    reasoning: reasoning === null ? null : cut(reasoning),
    output: output && { ...output, stdout: cut(output.stdout), stderr: cut(output.stderr), isCut: true },
  };
}
