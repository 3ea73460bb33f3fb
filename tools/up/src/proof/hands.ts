import {
  ActionFactSchema,
  calls,
  STREAM,
  subjects,
  type Action,
  type ActionFact,
  type ActionPreview,
  type ActionRequest,
  type Submitted,
} from '@boocontrol/contracts';
import { CallError, connectBus, createLogger, readAll, RpcClient, RpcError } from '@boocontrol/platform';
import { waitFor, type TestNats } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { z } from 'zod';

type More = Partial<Omit<z.input<typeof calls.submitAction.request>, 'request'>>;

/** A program that has hosts do things, over the bus. */
export interface Hands {
  /** @throws {CallError} when it is refused @throws {RpcError} when nobody answers */
  submit(request: ActionRequest, more?: More): Promise<Submitted>;
  /**
   * The same; null while nobody answers, and when it is refused for one of these reasons.
   * @throws {CallError} when it is refused for another one
   */
  attempt(request: ActionRequest, more: More, passing: readonly string[]): Promise<Submitted | null>;
  /** Attempts it until it is accepted. */
  insist(request: ActionRequest, passing: readonly string[]): Promise<Submitted>;
  /** null: it had begun, or ended. */
  takeBack(id: string): Promise<Action | null>;
  preview(request: ActionRequest): Promise<ActionPreview>;
  /** Queued and started ones, of all hosts. */
  open(): Promise<Action[]>;
  /** All that have ended, of all hosts, oldest first. */
  ended(): Promise<Action[]>;
  /** Waits until it has ended. */
  outcome(id: string, timeoutMs?: number): Promise<Action>;
  /** Every fact on the log, in its order. */
  facts(): Promise<ActionFact[]>;
  /** How many places of its queue each host has taken. */
  queues(): Promise<Map<string, number>>;
  close(): Promise<void>;
}

const ASK = { timeoutMs: 3_000 };

export async function openHands(nats: TestNats): Promise<Hands> {
  const log = createLogger('proof', { level: 'silent' });
  const nc = await connectBus({ url: nats.url, name: 'proof', log });
  const rpc = new RpcClient(nc);
  const pages = async (): Promise<{ open: Action[]; ended: Action[] }> => {
    const ended: Action[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await rpc.ask(calls.actions, { limit: 500, cursor }, ASK);
      ended.push(...page.ended);
      if (page.nextCursor === null) return { open: page.open, ended: ended.toReversed() };
      cursor = page.nextCursor;
    }
  };
  const hands: Hands = {
    submit: (request, more = {}) =>
      rpc.ask(calls.submitAction, { request, source: 'proof', ...more }, { timeoutMs: 15_000 }),
    async attempt(request, more, passing) {
      try {
        return await hands.submit(request, more);
      } catch (error) {
        if (error instanceof RpcError ? error.isRetryable : isRefusal(error, passing)) return null;
        throw error;
      }
    },
    insist: (request, passing) =>
      waitFor(() => hands.attempt(request, {}, passing), {
        what: `${request.kind} on ${request.providerId} to be accepted`,
      }),
    async takeBack(id) {
      try {
        return await rpc.ask(calls.takeBackAction, { id }, ASK);
      } catch (error) {
        if (isRefusal(error, ['already_started', 'already_ended'])) return null;
        throw error;
      }
    },
    preview: (request) => rpc.ask(calls.previewAction, { request, source: 'proof' }, ASK),
    open: async () => (await rpc.ask(calls.actions, { limit: 1 }, ASK)).open,
    ended: async () => (await pages()).ended,
    outcome: (id, timeoutMs = 30_000) =>
      waitFor(async () => (await pages()).ended.find((action) => action.id === id), {
        what: `the end of ${id}`,
        timeoutMs,
      }),
    async facts() {
      const facts: ActionFact[] = [];
      await readAll(
        await jetstreamManager(nc),
        STREAM.actions,
        [subjects.allActions],
        { from: 'all' },
        (message) => void facts.push(ActionFactSchema.parse(message.json())),
      );
      return facts;
    },
    async queues() {
      const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: 1_000 });
      const { state } = await jsm.streams.info(STREAM.actionQueue, { subjects_filter: '>' });
      return new Map(Object.entries(state.subjects ?? {}));
    },
    close: () => nc.close(),
  };
  return hands;
}

export const isRefusal = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof CallError && codes.includes(error.code);
