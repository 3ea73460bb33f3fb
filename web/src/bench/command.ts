import type { BenchSuite, Suite } from '@boocontrol/contracts';

/** For a shell: as it is where nothing in it is special, else in quotes. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const LOAD: Partial<Record<Suite['load']['kind'], true>> = { closed: true, open: true };

/** How a suite is said on the command line; null: it cannot be. */
function suiteOptions({
  name,
  origin,
  suite,
}: Pick<BenchSuite, 'name' | 'origin' | 'suite'>): string[] | null {
  if (origin === 'builtin') return [`--preset ${quoted(name)}`];
  const { load, sampling, depth, stop } = suite;
  if (!LOAD[load.kind]) return null;
  return [
    `--prompt-tokens ${suite.promptTokens.join(',')}`,
    `--output-tokens ${suite.outputTokens.join(',')}`,
    ...(depth.some((each) => each > 0) ? [`--depth ${depth.join(',')}`] : []),
    load.kind === 'open'
      ? `--rate ${load.ratePerS.join(',')}`
      : `--concurrency ${load.kind === 'closed' ? load.concurrency.join(',') : '1'}`,
    `--repetitions ${suite.repetitions}`,
    ...(suite.endpoint === 'chat' ? [] : [`--endpoint ${suite.endpoint}`]),
    ...(Object.keys(sampling).length > 0 ? [`--sampling ${quoted(JSON.stringify(sampling))}`] : []),
    ...(stop.maxS === undefined ? [] : [`--max-seconds ${stop.maxS}`]),
  ];
}

/** The same from a shell, without the rest of BooControl; null: the command line has no such load. */
export function commandOf(
  suite: Pick<BenchSuite, 'name' | 'origin' | 'suite'>,
  url: string,
  model: string,
  seed?: number,
): string | null {
  const options = suiteOptions(suite);
  if (!options) return null;
  return [
    `npx boocontrol bench --url ${quoted(url)} --model ${quoted(model)}`,
    ...options,
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ].join(' ');
}
