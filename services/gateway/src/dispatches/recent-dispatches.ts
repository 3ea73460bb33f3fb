import type { RouteFact } from '@boocontrol/contracts';

const MOST = 4_000;
/** Of their JSON. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** The last requests that came through this gateway, for whoever asks before the table has them. */
export class RecentDispatches {
  private readonly texts = new Map<string, string>();
  private characters = 0;

  /** @param text the fact as JSON */
  add(id: string, text: string): void {
    this.remove(id);
    this.texts.set(id, text);
    this.characters += text.length;
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= MOST && this.characters <= MOST_CHARACTERS) return;
      this.remove(oldest);
    }
  }

  find(id: string): RouteFact | null {
    const text = this.texts.get(id);
    return text === undefined ? null : (JSON.parse(text) as RouteFact);
  }

  private remove(id: string): void {
    this.characters -= this.texts.get(id)?.length ?? 0;
    this.texts.delete(id);
  }
}
