import type { EvalRun, EvalSampler, Fingerprint } from '@boocontrol/contracts';
import { instantSql } from '@boocontrol/platform';

/** A row of evals.runs: the run as it is told, and what only this service knows of it. */
export interface RunRow {
  run: EvalRun;
  sampler: EvalSampler;
  confirmed: boolean;
  fingerprint: Fingerprint | null;
  /** Who asked for its end; null: nobody. */
  cancelledBy: string | null;
  /** How often another worker went on with it since it was queued. */
  takeovers: number;
}

/** The run alone, in the form of the contracts. */
export const RUN = `
  json_build_object(
    'id', id, 'launch', launch, 'version', version, 'suiteName', suite_name, 'suiteHash', suite_hash,
    'suiteTitle', suite_title, 'category', category, 'providerId', provider_id, 'model', model, 'state', state,
    'reason', reason, 'source', source, 'createdAt', ${instantSql('created_at')},
    'startedAt', ${instantSql('started_at')}, 'endedAt', ${instantSql('ended_at')}, 'k', k, 'isWhole', is_whole,
    'sampler', sampler, 'concurrency', concurrency, 'done', done, 'total', total, 'outcomes', outcomes,
    'score', score, 'speed', speed, 'contaminated', contaminated, 'loadMs', load_ms,
    'engineBuild', fingerprint->>'engineBuild', 'quant', quant
  )`;

export const ROW = `
  ${RUN} AS run, sampler, confirmed, fingerprint, cancelled_by AS "cancelledBy", takeovers`;

export const asJson = (value: object | null): string | null =>
  value === null ? null : JSON.stringify(value);
