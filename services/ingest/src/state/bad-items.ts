import { createHash } from 'node:crypto';
import { deadLetter, PublishError } from '@boocontrol/platform';
import type { BadItem } from '@boocontrol/llama-swap';
import { metrics } from '../metrics.js';
import type { Facts } from './facts.js';

const LETTERS_PER_MINUTE = 30;
const REMEMBERED = 500;

/** What of a host could not be read goes to DEAD with its reason, each thing once and not more than 30 a minute. */
export class BadItems {
  private readonly seen = new Set<string>();
  private minute = 0;
  private sent = 0;

  constructor(private readonly facts: Facts) {}

  /** @param where the host's endpoint, e.g. `/api/events` */
  report(code: 'bad_frame' | 'bad_row', where: string, items: readonly BadItem[], nowMs: number): void {
    for (const { reason, raw } of items) {
      const key = createHash('sha1').update(`${reason}\n${raw}`).digest('base64');
      if (this.seen.has(key)) continue;
      this.remember(key);
      metrics.bad.inc({ provider: this.facts.providerId, code });
      if (!this.hasRoom(nowMs)) continue;
      const { publisher, life, log, providerId } = this.facts;
      log.warn({ provider: providerId, where, reason }, 'the host sent something that cannot be read');
      const letter = {
        origin: 'ingest',
        subject: `${providerId}${where}`,
        seq: null,
        code,
        reason,
        attempts: 1,
      };
      deadLetter(publisher, { ...letter, data: raw, atMs: nowMs }, life).catch((error: unknown) => {
        const isEnd = error instanceof PublishError && error.code === 'closed';
        if (!isEnd) log.error({ err: error }, 'a dead letter was refused');
      });
    }
  }

  private remember(key: string): void {
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    this.seen.add(key);
  }

  private hasRoom(nowMs: number): boolean {
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.minute) this.sent = 0;
    this.minute = minute;
    return ++this.sent <= LETTERS_PER_MINUTE;
  }
}
