import type { ControlLog, LogLines, LogModel, LogSource, Room } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { MadeFleet } from './fleet.js';
import { pick, randomOf } from './random.js';

type Line = ControlLog['lines'][number];

/** As many as the stream of the gateway keeps of one log. */
const TAIL = 2_000;
/** What ingest cuts a line to. */
const MOST_CHARS = 8_192;

/** How far back a log reaches that never had too many lines. */
const KEPT_MS = 86_400_000;

const roomOf = (providerId: string, source: LogSource): Room => `log:${providerId}:${source}`;

/** The logs of all hosts, as the gateway has them for those who come late. */
export class MadeLogs {
  private readonly tails = new Map<Room, ControlLog>();
  private seq = 0;

  constructor(private readonly tell: (room: Room, frame: ControlLog) => void) {}

  /** Lines of one moment, told to whoever is in the room. */
  add(
    providerId: string,
    source: LogSource,
    texts: readonly string[],
    nowMs: number,
    model: LogModel | null = null,
  ): void {
    const lines = texts.map((text): Line => ({
      seq: ++this.seq,
      at: instantFromMs(nowMs),
      line: text.slice(0, MOST_CHARS),
      cut: text.length > MOST_CHARS,
      ...modelOf(text, model),
    }));
    const room = roomOf(providerId, source);
    const before = this.tails.get(room)?.lines ?? [];
    this.tails.set(room, { type: 'tail', providerId, source, lines: [...before, ...lines].slice(-TAIL) });
    this.tell(room, { type: 'lines', providerId, source, lines });
  }

  /** A tail for each room of a log, empty where nothing was written. */
  tailsOf(rooms: readonly string[]): ControlLog[] {
    return rooms.flatMap((room): ControlLog[] => {
      const [, providerId = '', source] = room.split(':');
      if (!room.startsWith('log:') || (source !== 'proxy' && source !== 'upstream')) return [];
      return [this.tails.get(room as Room) ?? { type: 'tail', providerId, source, lines: [] }];
    });
  }

  /** A page of what is kept. @param madeMs since when this gateway knows of everything */
  kept(params: URLSearchParams, madeMs: number): LogLines {
    const sources = SOURCES.filter((each) => (params.get('source') ?? each) === each);
    const providerId = params.get('providerId') ?? '';
    const [from, to] = [params.get('from') ?? '', params.get('to') ?? '9'];
    const logs = sources.map((source) => ({
      source,
      lines: this.tails.get(roomOf(providerId, source))?.lines ?? [],
    }));
    const all = logs
      .flatMap(({ source, lines }) => lines.map((line) => ({ ...line, source })))
      .filter(({ at }) => at >= from && at < to)
      .toSorted((a, b) => a.seq - b.seq);
    const begin = Number(params.get('cursor') ?? 0);
    const end = begin + Number(params.get('limit') ?? 200);
    return {
      lines: all.slice(begin, end),
      nextCursor: end < all.length ? String(end) : null,
      kept: logs.map(({ source, lines }) => ({
        source,
        since: lines.length < TAIL ? instantFromMs(madeMs - KEPT_MS) : (lines[0]?.at ?? ''),
      })),
    };
  }
}

const SOURCES: readonly LogSource[] = ['proxy', 'upstream'];

/** Which model a line is of, as ingest says it. */
function modelOf(text: string, model: LogModel | null): Pick<Line, 'model'> {
  const id = /^\[[A-Z]+\] <([^<>]+)> /.exec(text)?.[1];
  if (id !== undefined) return { model: { id, by: 'told' } };
  return model === null ? {} : { model };
}

/** What llama-swap writes of a request. */
export const requestLine = (n: number): string =>
  `[INFO] Request 192.168.1.${10 + (n % 9)} "POST /v1/chat/completions HTTP/1.1" 200 ${2_000 + ((n * 37) % 9_000)} "openai-node/5.12" ${1 + (n % 12)}.${n % 10}s`;

/** What llama.cpp writes of one. */
export function timings(task: number, random: () => number): string[] {
  const [prompt, generated] = [Math.ceil(random() * 4_000), Math.ceil(random() * 900)];
  return [
    `slot launch_slot_: id  0 | task ${task} | processing task`,
    `slot update_slots: id  0 | task ${task} | new prompt, n_ctx_slot = 40960, n_keep = 0, task.n_tokens = ${prompt}`,
    `slot print_timing: id  0 | task ${task} | prompt eval time = ${(prompt / 2.1).toFixed(2)} ms / ${prompt} tokens (    0.48 ms per token,  2103.11 tokens per second)`,
    `slot print_timing: id  0 | task ${task} |        eval time = ${(generated * 21.4).toFixed(2)} ms / ${generated} tokens (   21.40 ms per token,    46.72 tokens per second)`,
    `srv  update_slots: all slots are idle`,
  ];
}

const OTHERS = [
  '[DEBUG] <qwen3-32b-Q4_K_M> Health check passed on http://127.0.0.1:5801/health',
  '[WARN] <glm-4.5-air-Q3_K_M> process exited: code=1, err=exit status 1',
  '\u001b[32mI\u001b[0m srv  log_server_r: request: POST /v1/chat/completions 127.0.0.1 \u001b[33m200\u001b[0m',
  '[ERROR] <glm-4.5-air-Q3_K_M> upstream process exited unexpectedly',
  'load_tensors: offloaded 65/65 layers to GPU',
  'W common_init_from_params: KV cache shifting is not supported for this context, disabling KV cache shifting',
];

/** A quarter of an hour of what the connected hosts of a made-up fleet wrote, with a pause in it. */
export function homeLogs(logs: MadeLogs, made: MadeFleet, nowMs: number): void {
  const random = randomOf(3);
  const hosts = made.providers.filter(({ id }) => made.fleet.hosts[id]?.liveness?.state === 'connected');
  for (let n = 0; n < 180 && hosts.length > 0; n++) {
    const atMs = nowMs - (n < 60 ? 900_000 - n * 1_000 : (180 - n) * 4_000);
    const { id } = pick(random, hosts);
    const running = (made.fleet.hosts[id]?.models ?? []).filter(({ state }) => state === 'ready');
    // Most lines are found in the log of one model; of some it is only likely, or not known.
    const by = n % 7 === 0 ? null : n % 5 === 0 ? 'probable' : 'matched';
    const model = running.length > 0 && by !== null ? ({ id: pick(random, running).id, by } as const) : null;
    if (random() < 0.4) logs.add(id, 'proxy', [requestLine(n)], atMs);
    else if (random() < 0.5) logs.add(id, 'upstream', timings(n, random), atMs, model);
    else logs.add(id, random() < 0.5 ? 'proxy' : 'upstream', [pick(random, OTHERS)], atMs);
  }
}
