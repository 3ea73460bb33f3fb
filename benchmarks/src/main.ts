import { actions } from './actions.js';
import { gateway } from './gateway/gateway.js';
import { gatewaySoak } from './gateway/soak.js';
import { manyStreams } from './gateway/streams.js';
import { ingest } from './ingest.js';
import { live } from './live.js';
import { projection } from './projection.js';
import { logs } from './logs.js';
import { publish } from './publish.js';
import { rest } from './rest.js';
import { scale } from './scale.js';
import { search } from './search.js';
import { truth } from './truth.js';
import { web } from './web.js';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  publish,
  ingest,
  projection,
  live,
  rest,
  actions,
  gateway,
  search,
  truth,
  'gateway-streams': manyStreams,
  'gateway-soak': () => gatewaySoak(Number(option('minutes') ?? 30)),
  'scale-100': () => scale(100),
  'scale-300': () => scale(300),
  'scale-1000': () => scale(1_000),
  logs: () => logs(Number(option('seconds') ?? 60)),
  web: () => web(Number(option('minutes') ?? 10)),
};
/** What runs when nothing is named: the large fleets take minutes. */
const BY_DEFAULT = ['publish', 'ingest', 'projection', 'live', 'rest', 'actions', 'scale-100'];

const isOption = (text: string): boolean => text.startsWith('--');
/** The value of `--name=value`. */
function option(name: string): string | undefined {
  return process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1];
}

const asked = process.argv.slice(2).filter((each) => !isOption(each));
for (const name of asked.length > 0 ? asked : BY_DEFAULT) {
  const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (run === undefined) {
    process.stderr.write(`There is no "${name}". There are: ${Object.keys(BENCHMARKS).join(', ')}\n`);
    process.exit(2);
  }
  await run();
}
