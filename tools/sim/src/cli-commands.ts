import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createDemoFleet } from './demo-fleet.js';
import { createModelServer, type ModelServerInput } from './model-server.js';
import { GenerationSchema, type SimHostInput } from './options.js';
import { createSimHost } from './sim-host.js';
import { untilTold } from './until-told.js';

export const USAGE = `Usage: sim <command> [options]

  host    one simulated llama-swap host      --port --host --generation A|B|C --seed --time-scale --config file.json
  fleet   the demo fleet with its traffic    --ports 9601,9602,… --seed --time-scale --quiet
  model   one model server, as llama.cpp's   --port --host --id --ctx --load-ms --prompt-tps --gen-tps --embedding
  help    this text

  --exit-with-parent   stop when standard input closes

host and fleet print one line of JSON for each host: {"id","url","generation"}.
--config takes the options of createSimHost as JSON; flags win over it.
`;

const DEFAULT_MODELS = [
  { id: 'Qwen3-8B-Q4_K_M', sizeMb: 5_000, ttlS: 300, genTps: 80 },
  { id: 'gpt-oss-20b-MXFP4', sizeMb: 11_500, ttlS: 300, genTps: 140, reasoning: true },
];

const OPTIONS = {
  port: { type: 'string' },
  ports: { type: 'string' },
  host: { type: 'string' },
  generation: { type: 'string' },
  seed: { type: 'string' },
  'time-scale': { type: 'string' },
  config: { type: 'string' },
  quiet: { type: 'boolean' },
  id: { type: 'string' },
  ctx: { type: 'string' },
  'load-ms': { type: 'string' },
  'prompt-tps': { type: 'string' },
  'gen-tps': { type: 'string' },
  embedding: { type: 'boolean' },
  'exit-with-parent': { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** Runs a command until it is told to stop; returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseFlags(args);
    switch (positionals[0]) {
      case 'host':
        return await host(values);
      case 'fleet':
        return await fleet(values);
      case 'model':
        return await model(values);
      case 'help':
        process.stdout.write(USAGE);
        return 0;
      default:
        process.stderr.write(USAGE);
        return 2;
    }
  } catch (error) {
    const message =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof Error
          ? error.message
          : String(error);
    process.stderr.write(`sim: ${message}\n`);
    return 1;
  }
}

function parseFlags(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

async function host(flags: Flags): Promise<number> {
  const config: object = flags.config === undefined ? {} : await readConfig(flags.config);
  const input = {
    models: DEFAULT_MODELS,
    ...config,
    ...defined({
      port: number('port', flags.port),
      host: flags.host,
      generation: flags.generation === undefined ? undefined : GenerationSchema.parse(flags.generation),
      seed: number('seed', flags.seed),
      timeScale: number('time-scale', flags['time-scale']),
    }),
  } as SimHostInput;
  const running = await createSimHost(input);
  announce(running.id, running.url, running.state().generation);
  await untilTold(flags['exit-with-parent'] ?? false);
  await running.close();
  return 0;
}

async function fleet(flags: Flags): Promise<number> {
  const ports = flags.ports?.split(',').map((port) => number('ports', port) ?? 0);
  const running = await createDemoFleet(
    defined({
      ports,
      seed: number('seed', flags.seed),
      timeScale: number('time-scale', flags['time-scale']),
      traffic: flags.quiet === true ? false : undefined,
    }),
  );
  for (const one of running.hosts) announce(one.id, one.url, one.state().generation);
  await untilTold(flags['exit-with-parent'] ?? false);
  await running.close();
  return 0;
}

async function model(flags: Flags): Promise<number> {
  const input: ModelServerInput = {
    id: flags.id ?? 'sim-model',
    ...defined({
      port: number('port', flags.port),
      host: flags.host,
      seed: number('seed', flags.seed),
      timeScale: number('time-scale', flags['time-scale']),
      ctx: number('ctx', flags.ctx),
      loadMs: number('load-ms', flags['load-ms']),
      promptTps: number('prompt-tps', flags['prompt-tps']),
      genTps: number('gen-tps', flags['gen-tps']),
      embedding: flags.embedding,
    }),
  };
  const running = await createModelServer(input, (text) => process.stdout.write(text));
  await untilTold(flags['exit-with-parent'] ?? false);
  await running.close();
  return 0;
}

async function readConfig(path: string): Promise<object> {
  return z.looseObject({}).parse(JSON.parse(await readFile(path, 'utf8')));
}

function announce(id: string, url: string, generation: string): void {
  process.stdout.write(`${JSON.stringify({ id, url, generation })}\n`);
}

/** Throws a RangeError that names the flag. */
function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new RangeError(`--${flag} takes a number, not "${text}"`);
  return value;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
