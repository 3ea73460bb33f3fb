import { HostError, type HostClient } from '@boocontrol/llama-swap';
import type { Engines } from '../requests/engines.js';
import type { ModelsState } from '../state/models-state.js';

/** What only running models tell: ttl from /running, the context length and the engine from /props of their own server. */
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
    const contextLength = new Map<string, number>();
    for (const { id, contextLength: known } of ready) {
      // A model that is not ready would be loaded by the question.
      const isReady = running.some(({ model, state }) => model === id && state === 'ready');
      const isKnown = known !== null && this.engines.knows(id);
      if (isKnown || this.asked.has(id) || !isReady) continue;
      this.asked.add(id);
      const length = await this.askServer(id, signal);
      if (length !== null && known === null) contextLength.set(id, length);
    }
    const told = JSON.stringify([[...ttlS], [...contextLength]]);
    if (told === this.stated && contextLength.size === 0) return;
    this.stated = told;
    this.models.enrich(ttlS, contextLength, nowMs);
  }

  /** Its context length; null where it does not tell. */
  private async askServer(id: string, signal: AbortSignal): Promise<number | null> {
    try {
      const { contextLength, isLlama } = await this.client.props(id, { signal });
      this.engines.learn(id, isLlama);
      return contextLength;
    } catch (error) {
      // Servers other than llama.cpp have no /props.
      if (error instanceof HostError) return null;
      throw error;
    }
  }
}
