import { calls, type ActivityPage } from '@boocontrol/contracts';
import { refuse, RpcClient, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { arrivalOf, replaySuite, type Arrival, type Recorded } from './replay-suite.js';

const LONGEST_MS = 86_400_000;
const ROWS_OF_A_PAGE = 500;
const PAGE_TIMEOUT_MS = 10_000;

/** Suites of what consumers have sent. Only times and lengths are read, no texts. */
@Controller()
export class RecordedController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Serve(calls.recordedTraffic)
  async suite({
    model: asked,
    ...of
  }: z.output<typeof calls.recordedTraffic.request>): Promise<z.output<typeof calls.recordedTraffic.reply>> {
    const recorded = { ...of, model: asked ?? null };
    const { source, from, to } = recorded;
    const call = calls.recordedTraffic;
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (!(lengthMs > 0 && lengthMs <= LONGEST_MS))
      throw refuse(call, 'bad_range', 'The range must end after it begins, and be no longer than a day.');
    const arrivals: Arrival[] = [];
    let unknown = 0;
    for await (const { rows } of this.pages(recorded)) {
      const usable = rows.map(arrivalOf).filter((arrival) => arrival !== null);
      arrivals.push(...usable);
      unknown += rows.length - usable.length;
    }
    const made = replaySuite(arrivals, recorded);
    if (made === null)
      throw refuse(
        call,
        'nothing_recorded',
        `No request of ${source} ended in this range whose prompt and answer have known lengths.`,
        { leftOut: unknown },
      );
    return { suite: made.suite, leftOut: unknown + made.beyond };
  }

  private async *pages({ source, model, from, to }: Recorded): AsyncGenerator<ActivityPage> {
    const asked = { source: [source], ...(model === null ? {} : { model: [model] }), from, to };
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page: ActivityPage = await this.client.ask(
        calls.activity,
        { ...asked, limit: ROWS_OF_A_PAGE, ...(cursor === undefined ? {} : { cursor }) },
        { timeoutMs: PAGE_TIMEOUT_MS },
      );
      yield page;
      cursor = page.nextCursor;
    }
  }
}
