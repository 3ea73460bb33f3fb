import { PREFIX } from '../inference/prefix.js';
import type { LastPlace } from './world.js';

/** Where each session was last; of so many sessions, those that were there last. */
export class Affinity {
  private readonly named = new Map<string, LastPlace>();
  /** By how they begin: there are more of these, and they must not push out those that have a name. */
  private readonly unnamed = new Map<string, LastPlace>();

  constructor(private readonly max = 1_000) {}

  lastOf(session: string): LastPlace | null {
    return this.placesOf(session).get(session) ?? null;
  }

  served(session: string, { providerId, model }: LastPlace): void {
    const places = this.placesOf(session);
    places.delete(session);
    places.set(session, { providerId, model });
    if (places.size <= this.max) return;
    const [oldest] = places.keys();
    if (oldest !== undefined) places.delete(oldest);
  }

  private placesOf(session: string): Map<string, LastPlace> {
    return session.startsWith(PREFIX) ? this.unnamed : this.named;
  }
}
