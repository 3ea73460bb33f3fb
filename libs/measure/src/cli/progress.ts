import type { MeasureEvent } from '../run/session.js';
import type { Style } from './style.js';

/** Where lines go; on a terminal the last one may be written over. */
export interface Screen {
  isTty: boolean;
  write(text: string): void;
}

/** Tells what happens: on a terminal one line that moves, elsewhere a line for each cell. */
export class Progress {
  #cell = { name: '', requests: 0, at: 0 };
  #of: number | null = null;
  #done = 0;
  #warmups = 0;

  constructor(
    private readonly screen: Screen,
    private readonly style: Style,
  ) {}

  tell(event: MeasureEvent): void {
    switch (event.kind) {
      case 'host':
        return this.#line(`${event.hostKind}, model ${event.model}; loading it if need be …`);
      case 'loaded':
        return this.#line(
          event.loadMs === null ? 'loaded' : `loaded in ${(event.loadMs / 1000).toFixed(1)} s`,
        );
      case 'ready': {
        this.#of = event.cells;
        const { method, templateTokens } = event.calibration;
        const how = method === 'tokenizer' ? 'by its tokenizer' : 'by requests that were counted';
        return this.#line(`lengths of prompts ${how}, ${templateTokens} tokens of template`);
      }
      case 'counted':
        return;
      case 'cell':
        this.#cell = { name: event.name, requests: event.requests, at: event.index + 1 };
        [this.#done, this.#warmups] = [0, 0];
        return this.#moving('preparing prompts');
      case 'sample':
        if (event.isWarmup) this.#warmups += 1;
        else this.#done += 1;
        if (event.sample.error && !event.isWarmup)
          this.#line(`  ${this.style.bad(event.sample.error.message)}`);
        return this.#moving(
          event.isWarmup ? `warming up, ${this.#warmups} sent` : `${this.#done} of ${this.#cell.requests}`,
        );
      case 'cell_done': {
        const { genTps, ttftMs } = event.cell.figures;
        const said =
          event.cell.state === 'skipped'
            ? (event.cell.reason ?? 'left out')
            : `TTFT ${ttftMs?.median.toFixed(0) ?? '–'} ms, ${genTps?.median.toFixed(1) ?? '–'} tokens/s, after ${event.cell.warmups} to warm up`;
        return this.#line(`${this.#place()} ${event.cell.name}: ${said}`);
      }
    }
  }

  #line(text: string): void {
    this.screen.write(`${this.screen.isTty ? '\r\u001b[K' : ''}${text}\n`);
  }

  #moving(text: string): void {
    if (this.screen.isTty) this.screen.write(`\r\u001b[K${this.#place()} ${this.#cell.name}: ${text}`);
  }

  /** `[2/8]`, or `[2]` where nobody knows how many there will be. */
  #place(): string {
    return `[${this.#cell.at}${this.#of === null ? '' : `/${this.#of}`}]`;
  }
}
