import { HostError, type HostClient } from '@boocontrol/llama-swap';
import type { Engines } from '../requests/engines.js';
import type { ModelsState, Server } from '../state/models-state.js';

/** What only running models tell: ttl from /running, the context length, the slots and the engine from /props of their own server. */
export class RunningModels {
  /** Models whose server was asked in this load; asking starts their idle time again, so it is done once. */
  private readonly asked = new Set<string>();
  private stated = '';

  constructor(
    private readonly client: HostClient,
    private readonly models: ModelsState,
    private readonly engines: Engines,
  ) {}

  /** @throws {HostError} of /running */
  async poll(signal: AbortSignal, nowMs: number): Promise<void> {
    const listed = this.models.listed;
    if (listed === null) return;
    const ready = listed.filter(({ state, peerId }) => state === 'ready' && peerId === null);
    for (const id of this.asked) if (!ready.some((model) => model.id === id)) this.asked.delete(id);
    if (ready.length === 0) return;
    const running = await this.client.running({ signal });
    const ttlS = new Map(running.map((model) => [model.model, model.ttlS]));
    const servers = new Map<string, Server>();
    for (const { id } of ready) {
      // A model that is not ready would be loaded by the question.
      const isReady = running.some(({ model, state }) => model === id && state === 'ready');
      if (this.asked.has(id) || !isReady) continue;
      this.asked.add(id);
      servers.set(id, await this.askServer(id, signal));
    }
    const told = JSON.stringify([...ttlS]);
    if (told === this.stated && servers.size === 0) return;
    this.stated = told;
    this.models.enrich(ttlS, servers, nowMs);
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
