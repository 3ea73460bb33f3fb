import type { ActivityEntry } from '@boocontrol/contracts';
import { asObject, parseJson } from '@boocontrol/fleet-model';
import { keptBody } from '../../playground/from-capture';
import { withModel } from './with-model';

/** Endpoints of /v1 that take a document; what takes files is never captured. */
const PATHS: ReadonlySet<string> = new Set([
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/embeddings',
  '/v1/rerank',
]);
/** Those that ask no model for words. */
const VECTORS = /\/(embeddings|rerank)$/;

export type Replayable =
  | {
      ok: true;
      path: string;
      /** The body as it was, for another model. */
      bodyFor: (model: string) => string;
      /** Models that are made for embeddings or ranking can be chosen, too. */
      isAnyKind: boolean;
    }
  /** A sentence. */
  | { ok: false; why: string };

/** A captured request as it can be sent again. */
export function replayable({ row, capture, captureState }: ActivityEntry): Replayable {
  if (captureState === 'pending') return { ok: false, why: 'Its body is on its way, and not here yet.' };
  const path = row.reqPath.startsWith('/v1/') ? row.reqPath : `/v1${row.reqPath}`;
  if (!PATHS.has(path)) return { ok: false, why: `The gateway’s /v1 has nothing that takes ${row.reqPath}.` };
  const kept = keptBody(captureState === 'stored' ? capture : null);
  if (!kept.ok) return kept;
  if (asObject(parseJson(kept.text)) === null)
    return { ok: false, why: 'The body of this request is no JSON document.' };
  return {
    ok: true,
    path,
    bodyFor: (model) => withModel(kept.text, model),
    isAnyKind: VECTORS.test(path),
  };
}
