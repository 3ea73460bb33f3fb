import type { PrefixDrift, PrefixMark, RouteAttempt, RouteFact } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { prefixInputsOf, printOf, promptParts, sessionOf, type Print } from '@boocontrol/llama-swap';
import { readJsonBody } from '../inference/rewrite.js';
import type { HostModel, PromptBook } from '../prompt-cache/prompt-book.js';
import { idOf } from './actions.js';
import { routeFact } from './routes.js';

export const message = (role: string, content: unknown): object => ({ role, content });
export const SYSTEM = message('system', 'You are a careful helper. It is Sunday, 22 November 2026, 09:06.');

/** Turns of a conversation: a question and its answer each. */
export const turns = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => [
    message('user', `question ${at}`),
    message('assistant', `answer ${at}`),
  ]).flat();

export const TOOLS = ['read', 'write', 'list'].map((name) => ({ type: 'function', function: { name } }));

export function printed(body: object | string): Print | null {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify({ model: 'm', ...body }));
  const reading = readJsonBody(bytes);
  if (!reading.ok) throw new Error(reading.message);
  const path = 'prompt' in (JSON.parse(bytes.toString()) as object) ? '/completions' : '/chat/completions';
  const pieces = printOf(bytes, promptParts(path, reading.body.opening));
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
  }
}

interface Differs {
  fact?: Partial<RouteFact>;
  answered?: RouteAttempt;
  inputs?: string;
  print?: Print | null;
  promptMs?: number | null;
  model?: HostModel;
  wasLoaded?: boolean;
}
interface Observed {
  mark: PrefixMark | undefined;
  drift: PrefixDrift | null;
  again: (() => PrefixDrift) | null;
}

/** Tells a book of one request after the other, each a minute after the one before. */
export class Conversation {
  static readonly START_MS = Date.parse('2026-11-21T12:00:00Z');
  static readonly MINUTE_MS = 60_000;
  private asked = 0;

  constructor(
    private readonly book: PromptBook,
    private readonly session: string | null = 'anna',
  ) {}

  /** When the next request comes. */
  get nowMs(): number {
    return Conversation.START_MS + this.asked * Conversation.MINUTE_MS;
  }

  /** Without changes: a host has the prompt before in its cache, of 10 bytes for a token, and takes 2 ms for each. */
  ask(body: object, { fact = {}, ...differs }: Differs = {}): Observed {
    const print = differs.print ?? printed(body);
    const at = instantFromMs(this.nowMs);
    const promptTokens = Math.round((print?.bytes ?? 0) / 10);
    this.asked++;
    const whole = routeFact(this.asked, { id: idOf(this.asked), at, promptTokens, cacheTokens: 0, ...fact });
    const answered = differs.answered ?? whole.attempts[0];
    if (answered === undefined) throw new Error('nobody was asked');
    const fresh = (whole.promptTokens ?? 0) - (whole.cacheTokens ?? 0);
    const inputs = prefixInputsOf(differs.inputs);
    const isNamed = this.session !== null;
    return this.book.note({
      id: whole.id,
      at,
      seenBy: 'gateway',
      dispatchId: whole.id,
      consumer: whole.source,
      providerId: answered.providerId,
      model: answered.model,
      fromMs: Date.parse(at),
      endedMs: Date.parse(at) + whole.durationMs,
      slackMs: 0,
      promptTokens: whole.promptTokens,
      cacheTokens: whole.cacheTokens,
      promptMs: differs.promptMs === undefined ? fresh * 2 : differs.promptMs,
      prompt:
        print === null
          ? null
          : { session: sessionOf(whole.source, this.session, print), isNamed, inputs, print },
      hostModel: differs.model ?? { readySinceMs: null, slots: null },
      wasLoaded: differs.wasLoaded ?? true,
    });
  }

  /** Time goes by without a request of this one. */
  pass(): void {
    this.asked++;
  }
}
