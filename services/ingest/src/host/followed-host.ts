import type { Provider } from '@boocontrol/contracts';
import { HostClient, HostCommands } from '@boocontrol/llama-swap';
import type { Contact, Followed } from '../follow/followed.js';
import type { LivenessState } from '../state/liveness.js';
import { Connection } from './connection.js';
import type { HostMemory } from './host-memory.js';

/** A llama-swap host: it tells everything by its event stream, and keeps what happened while nobody listened. */
export class FollowedHost implements Followed {
  constructor(private readonly memory: HostMemory) {}

  get provider(): Provider {
    return this.memory.provider;
  }

  get liveness(): LivenessState {
    return this.memory.liveness;
  }

  recover(): Promise<void> {
    return this.memory.recover();
  }

  repeat(): Promise<void> {
    return this.memory.repeat();
  }

  disabled(): void {
    this.memory.inflight.set({ total: 0, requests: [] });
  }

  idle(): Promise<void> {
    return this.memory.inflight.idle();
  }

  contact(key: { apiKey?: string }): Contact {
    this.memory.requests.contactLost();
    const options = { baseUrl: this.provider.baseUrl, ...key };
    const reader = new HostCommands(options, { userAgent: 'boocontrol-ingest' });
    return new Connection(new HostClient(options), reader, this.memory);
  }
}
