import type { Request } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { gpu, perf, type FixtureServer, type MadeFleet, type Unnumbered } from '@boocontrol/web';

/** As the gateway gathers facts. */
const FRAME_MS = 50;

interface Rates {
  /** Requests that end, a second. */
  requests: number;
  /** Readings, a second, over all hosts. */
  readings: number;
}

/** Lets a made-up fleet live at these rates; returns what stops it. */
export function traffic(server: FixtureServer, made: MadeFleet, { requests, readings }: Rates): () => void {
  const like = made.requests.find(({ statusCode }) => statusCode === 200);
  if (!like) throw new Error('the made-up fleet has no request that was answered');
  const hosts = made.providers.filter(({ enabled }) => enabled).map(({ id }) => id);
  let entryId = 1_000_000;
  let host = 0;
  let sent = 0;
  const began = Date.now();
  let madeSoFar = { requests: 0, readings: 0 };

  const ended = (): Unnumbered => {
    const ts = instantFromMs(Date.now());
    const body: Request = { ...like, at: ts, ts, endedAt: ts, entryId: entryId++ };
    return { kind: 'request', body };
  };
  const reading = (): Unnumbered => {
    const id = hosts[host++ % hosts.length] ?? '';
    const load = (sent++ % 100) / 100;
    return {
      kind: 'perf',
      body: perf(id, Date.now(), [gpu(0, 'NVIDIA GeForce RTX 5090', 32_607, load)], load),
    };
  };
  const timer = setInterval(() => {
    const seconds = (Date.now() - began) / 1000;
    const due = { requests: Math.floor(seconds * requests), readings: Math.floor(seconds * readings) };
    const facts = [
      ...Array.from({ length: due.requests - madeSoFar.requests }, ended),
      ...Array.from({ length: due.readings - madeSoFar.readings }, reading),
    ];
    madeSoFar = due;
    if (facts.length > 0) server.pushAll(facts);
  }, FRAME_MS);
  return () => clearInterval(timer);
}
