import { percentile, ratio, round, rssMbOf, table, type Row } from '../measure.js';
import { repeat, withIdle, type Figures, type Load, type Way } from './load.js';
import { askFor, CHUNKS, WHOLE_ANSWER, WHOLE_STREAM } from './traffic.js';

const ROUNDS = 3;
const WARM_UP = 3_000;

interface Case extends Load {
  name: string;
}

const whole = { body: askFor({}), expected: WHOLE_ANSWER };
const streamed = { body: askFor({ stream: true }), expected: Buffer.from(WHOLE_STREAM) };
const CASES = {
  alone: { name: 'one at a time', count: 600, atOnce: 1, ...whole },
  at32: { name: '32 at once', count: 3_000, atOnce: 32, ...whole },
  at256: { name: '256 at once', count: 3_000, atOnce: 256, ...whole },
  firstToken: { name: 'a stream at a time', count: 200, atOnce: 1, ...streamed },
  streams: { name: '16 streams at once', count: 200, atOnce: 16, ...streamed },
} satisfies Record<string, Case>;
type CaseName = keyof typeof CASES;

/** What one way did in all rounds. */
type Results = Record<CaseName, Figures[]>;

/** Each case several times, the ways in turn, so that whatever else the machine does meets them all; medians are told. */
export async function compare(all: readonly Way[]): Promise<void> {
  const ways = await Promise.all(all.map(withIdle));
  const results = new Map<Way, Results>();
  for (const way of ways) {
    await repeat(way, { ...CASES.at32, count: WARM_UP });
    await repeat(way, { ...CASES.streams, count: 200 });
    results.set(way, { alone: [], at32: [], at256: [], firstToken: [], streams: [] });
  }
  const rss = ways.map(({ pid }) => (pid === null ? NaN : rssMbOf(pid)));
  for (let at = 0; at < ROUNDS; at++) {
    const inTurn = at % 2 === 0 ? ways : ways.toReversed();
    for (const name of Object.keys(CASES) as CaseName[])
      for (const way of inTurn) results.get(way)?.[name].push(await repeat(way, CASES[name]));
  }
  const summaries = ways.map((way) => summaryOf(results.get(way) ?? raise(way)));
  table(`/v1 beside a bare relay: medians of ${ROUNDS} rounds, the ways in turn`, rowsOf(ways, summaries));
  for (const [at, { name, pid }] of ways.entries())
    if (pid !== null) process.stdout.write(`RSS of ${name}: ${rss[at]} MB warm, ${rssMbOf(pid)} MB after\n`);
  verdicts(summaries);
}

function raise(way: Way): never {
  throw new Error(`${way.name} was not measured`);
}

interface Summary {
  p50: number;
  p99: number;
  firstMs: number;
  perS32: number;
  perS256: number;
  chunksPerS: number;
  cpuUs: number;
  cpuUs32: number;
  chunkCpuUs: number;
  /** Of all that it was asked but for the warm-up. */
  wrong: number;
}

const median = (values: readonly number[]): number => percentile(values, 50);

function summaryOf({ alone, at32, at256, firstToken, streams }: Results): Summary {
  const perS = (all: Figures[]): number => median(all.map(({ count, wallMs }) => (count / wallMs) * 1_000));
  const cpuUs = (all: Figures[]): number => median(all.map(({ count, cpuMs }) => (cpuMs / count) * 1_000));
  return {
    p50: median(alone.map(({ ms }) => percentile(ms, 50))),
    p99: median(alone.map(({ ms }) => percentile(ms, 99))),
    firstMs: median(firstToken.map((one) => percentile(one.firstMs, 50))),
    perS32: perS(at32),
    perS256: perS(at256),
    chunksPerS: perS(streams) * CHUNKS,
    cpuUs: cpuUs(alone),
    cpuUs32: cpuUs(at32),
    chunkCpuUs: cpuUs(streams) / CHUNKS,
    wrong: [alone, at32, at256, firstToken, streams].flat().reduce((sum, one) => sum + one.wrong, 0),
  };
}

function rowsOf(ways: readonly Way[], summaries: readonly Summary[]): Row[] {
  return ways.map(({ name }, at): Row => {
    const one = summaries[at] ?? raise(ways[at] as Way);
    return {
      way: name,
      'one at a time: p50 ms': round(one.p50, 3),
      'p99 ms': round(one.p99, 2),
      'first token ms': round(one.firstMs, 3),
      'requests/s at 32': round(one.perS32, 0),
      'at 256': round(one.perS256, 0),
      'chunks/s': round(one.chunksPerS, 0),
      'CPU µs a request: alone': round(one.cpuUs, 0),
      'at 32': round(one.cpuUs32, 0),
      'a chunk': round(one.chunkCpuUs, 2),
      'answers not the host’s': one.wrong,
    };
  });
}

function verdicts([host, bare, ours, peer]: readonly Summary[]): void {
  if (host === undefined || bare === undefined || ours === undefined) return;
  const row = (what: string, of: (one: Summary) => number, goal: string, held: string): Row => ({
    what,
    'gateway, of the bare relay': `${ratio(of(ours), of(bare))}x`,
    ...(peer === undefined ? {} : { 'the peer': `${ratio(of(peer), of(bare))}x` }),
    goal,
    held,
  });
  const atMost = (what: string, of: (one: Summary) => number, goal: number): Row =>
    row(what, of, `≤ ${goal}x`, of(ours) / of(bare) <= goal ? 'yes' : 'NO');
  const atLeast = (what: string, of: (one: Summary) => number, goal: number): Row =>
    row(what, of, `≥ ${goal}x`, of(ours) / of(bare) >= goal ? 'yes' : 'NO');
  const plain = (what: string, of: (one: Summary) => number): Row => row(what, of, '', '');
  table('/v1: goals', [
    atMost('one at a time: p50', ({ p50 }) => p50, 2),
    atMost('one at a time: what it adds to the host’s own p50', ({ p50 }) => p50 - host.p50, 2),
    plain('one at a time: p99', ({ p99 }) => p99),
    plain('what it adds to the first token, p50', ({ firstMs }) => firstMs - host.firstMs),
    atLeast('requests/s at 32', ({ perS32 }) => perS32, 0.5),
    plain('requests/s at 256', ({ perS256 }) => perS256),
    atLeast('chunks/s of 16 unpaced streams', ({ chunksPerS }) => chunksPerS, 0.75),
    plain('CPU a request, one at a time', ({ cpuUs }) => cpuUs),
    plain('CPU a request, 32 at once', ({ cpuUs32 }) => cpuUs32),
    plain('CPU a chunk', ({ chunkCpuUs }) => chunkCpuUs),
  ]);
}
