import { instantToMs, toldPrompt } from '@boocontrol/fleet-model';
import { InflightSchema, ModelChangedSchema, PerfSchema, RequestSchema } from '@boocontrol/contracts';
import { z } from 'zod';

/** What of a fact matters here: thousands of requests may come in a second. */
const bodies = {
  request: RequestSchema.pick({
    providerId: true,
    entryId: true,
    ts: true,
    endedAt: true,
    model: true,
    source: true,
    reqPath: true,
    durationMs: true,
    inputTokens: true,
    cacheTokens: true,
    promptTokens: true,
    promptCounts: true,
    outputTokens: true,
    promptTps: true,
    genTps: true,
  }),
  inflight: InflightSchema,
  'model-changed': ModelChangedSchema,
  perf: PerfSchema.pick({ providerId: true, at: true, gpus: true }),
} as const;
export type HeardKind = keyof typeof bodies;
export type HeardFact = { [K in HeardKind]: { kind: K; body: z.infer<(typeof bodies)[K]> } }[HeardKind];
export const HEARD_KINDS = Object.keys(bodies) as readonly HeardKind[];

const schemas = new Map<string, z.ZodType<HeardFact>>(
  HEARD_KINDS.map((kind) => [kind, bodies[kind].transform((body) => ({ kind, body }) as HeardFact)]),
);

/** The schema of a fact's body by the kind of it; null: it is not listened to. */
export const schemaOfKind = (kind: string): z.ZodType<HeardFact> | null => schemas.get(kind) ?? null;

/** What the log told of a host, as it is kept while that is measured. Times are Unix milliseconds. */
export type Heard = {
  /** The same for the same thing, however often it is told. */
  key: string;
  startedMs: number;
  endedMs: number;
} & (
  | {
      kind: 'request';
      body: {
        source: string;
        model: string;
        path: string;
        promptTokens: number | null;
        outputTokens: number | null;
      };
    }
  | { kind: 'inflight'; body: { source: string; model: string; path: string } }
  | { kind: 'model'; body: { model: string; from: string; to: string } }
  | { kind: 'gpu'; body: { gpu: string; utilPct: number | null; powerW: number | null } }
);

/** What is kept of a fact; nothing where it says nothing that could matter. */
export function heardIn({ kind, body }: HeardFact): Heard[] {
  switch (kind) {
    case 'request': {
      const { entryId, ts, endedAt, durationMs, source, model, reqPath, outputTokens } = body;
      const endedMs = instantToMs(endedAt);
      const { promptTokens, promptCounts } = toldPrompt(body);
      const told = { source, model, path: reqPath, outputTokens };
      return [
        {
          key: `request ${entryId} ${ts}`,
          ...{ kind, startedMs: endedMs - durationMs, endedMs },
          body: { ...told, promptTokens: promptCounts === 'uncertain' ? null : promptTokens },
        },
      ];
    }
    case 'inflight': {
      const atMs = instantToMs(body.at);
      // Who sent the others is told when they have ended.
      return body.requests.flatMap(({ id, startedAt, source, sourceKnown, model, reqPath }) =>
        sourceKnown === false
          ? []
          : [
              {
                key: `inflight ${id}`,
                ...{
                  kind,
                  startedMs: Math.min(atMs, startedAt === null ? atMs : instantToMs(startedAt)),
                  endedMs: atMs,
                },
                body: { source, model, path: reqPath },
              },
            ],
      );
    }
    case 'model-changed': {
      const { at, model, from, to } = body;
      // Seen for the first time: nothing happened to it.
      if (from === null) return [];
      const atMs = instantToMs(at);
      return [
        {
          key: `model ${model} ${at} ${to}`,
          kind: 'model',
          startedMs: atMs,
          endedMs: atMs,
          body: { model, from, to },
        },
      ];
    }
    case 'perf': {
      const atMs = instantToMs(body.at);
      return (body.gpus ?? []).map(({ id, name, utilPct, powerW }) => ({
        key: `gpu ${id} ${body.at}`,
        ...{ kind: 'gpu' as const, startedMs: atMs, endedMs: atMs },
        body: { gpu: `${name} (${id})`, utilPct, powerW },
      }));
    }
  }
}

/** The host's own id of a request, of the key that it is kept by. */
export const entryIdIn = (requestKey: string): number => Number(requestKey.split(' ')[1]);
