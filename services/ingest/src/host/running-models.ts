import { HostError, type HostClient } from '@boocontrol/llama-swap';
import type { Engines } from '../requests/engines.js';
import type { ModelsState, Server } from '../state/models-state.js';

/** What only running models tell: ttl from /running, the context length, the slots and the engine from /props of their own server. */
export class RunningModels {
  /** Models whose server was asked in this load; asking starts their idle time again, so it is done once. */
  private readonly asked = new Set<string>();
  private stated = '';

  constructor(
    private readonly client: Pick<HostClient, 'running' | 'props'>,
    private readonly models: Pick<ModelsState, 'listed' | 'enrich'>,
    private readonly engines: Pick<Engines, 'learn'>,
  ) {}

  /** @throws {HostError} of /running */
  async poll(signal: AbortSignal, nowMs: number): Promise<void> {
    const ready = this.ready();
    for (const id of this.asked) if (!ready.has(id)) this.asked.delete(id);
    if (ready.size === 0) return;
    let running = await this.client.running({ signal });
    const servers = new Map<string, Server>();
    for (const id of ready) {
      if (this.asked.has(id)) continue;
      // A model that is not ready would be loaded by the question, and the server before it took its time to answer.
      if (servers.size > 0) running = await this.client.running({ signal });
      const isReady = running.some(({ model, state }) => model === id && state === 'ready');
      if (!isReady || !this.ready().has(id)) continue;
      this.asked.add(id);
      servers.set(id, await this.askServer(id, signal));
    }
    const ttlS = new Map(running.map((model) => [model.model, model.ttlS]));
    const told = JSON.stringify([...ttlS]);
    if (told === this.stated && servers.size === 0) return;
    this.stated = told;
    this.models.enrich(ttlS, servers, nowMs);
  }

  /** The host's own models that are ready by what its stream has told so far. */
  private ready(): Set<string> {
    const own = (this.models.listed ?? []).filter(
      ({ state, peerId }) => state === 'ready' && peerId === null,
    );
    return new Set(own.map(({ id }) => id));
  }

  private async askServer(id: string, signal: AbortSignal): Promise<Server> {
    try {
      const { contextLength, slots, isLlama } = await this.client.props(id, { signal });
      this.engines.learn(id, isLlama);
      return { contextLength, slots };
    } catch (error) {
      // Servers other than llama.cpp have no /props.
      if (error instanceof HostError) return { contextLength: null, slots: null };
      throw error;
    }
  }
}
