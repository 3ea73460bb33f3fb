import type { LastPlace } from './world.js';

/** Where each session was last; of so many sessions, those that were there last. */
export class Affinity {
  private readonly places = new Map<string, LastPlace>();

  constructor(private readonly max = 1_000) {}

  lastOf(session: string): LastPlace | null {
    return this.places.get(session) ?? null;
  }

  served(session: string, { providerId, model }: LastPlace): void {
    this.places.delete(session);
    this.places.set(session, { providerId, model });
    if (this.places.size <= this.max) return;
    const [oldest] = this.places.keys();
    if (oldest !== undefined) this.places.delete(oldest);
  }
}
