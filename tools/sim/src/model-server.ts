import { z } from 'zod';
import { hashText, Rng } from './core/rng.js';
import { SimTime, systemClock } from './core/sim-time.js';
import { FaultBoard } from './faults.js';
import { readBody } from './http/body.js';
import { HttpSink } from './http/http-sink.js';
import { Listener } from './http/listener.js';
import { StreamWriter } from './http/stream-writer.js';
import { ModelRuntime } from './llama/runtime.js';
import { serveLlama } from './llama/serve.js';
import { sendLlamaError } from './llama/sink.js';
import { SimModelSchema } from './options.js';

const ModelServerOptionsSchema = SimModelSchema.pick({
  id: true,
  ctx: true,
  loadMs: true,
  promptTps: true,
  genTps: true,
  embedding: true,
  reasoning: true,
  parallel: true,
  draftAcceptPct: true,
  pace: true,
}).extend({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  seed: z.int().default(1),
  timeScale: z.number().positive().default(1),
});
export type ModelServerInput = z.input<typeof ModelServerOptionsSchema>;

export interface ModelServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts what llama.cpp's own server is to llama-swap: one model behind the OpenAI routes, 503 until it is loaded.
 * `log` takes what the real one prints. Throws a ZodError on bad options, and what listen() throws.
 */
export async function createModelServer(
  input: ModelServerInput,
  log: (text: string) => void = () => {},
): Promise<ModelServer> {
  const { port, host, seed, timeScale, ...model } = ModelServerOptionsSchema.parse(input);
  const time = new SimTime(systemClock(), timeScale);
  const runtime = new ModelRuntime(SimModelSchema.parse(model), time, hashText(model.id, seed), log);
  const faults = new FaultBoard();
  const rng = new Rng(seed);
  let loaded = false;

  const listener = new Listener(port, host, (req, res) => {
    const sink = new HttpSink(res, new StreamWriter(res, faults, rng, 'answers'), {
      onStart: () => {},
      onBytes: () => {},
    });
    const controller = new AbortController();
    res.on('close', () => controller.abort());
    const serve = async () => {
      if (!loaded) return sendLlamaError(sink, 503, 'unavailable_error', 'Loading model');
      const path = new URL(req.url ?? '/', 'http://sim').pathname;
      const body = await readBody(req);
      await serveLlama(runtime, { method: req.method ?? 'GET', path, body }, sink, controller.signal);
    };
    // The caller left in the middle of the body, or sent too much of it.
    serve().catch(() => res.destroy());
  });

  await listener.open();
  log(`main: loading model ${model.id}\n`);
  time.after(model.loadMs, () => {
    loaded = true;
    log(`main: model loaded\nmain: server is listening on ${host}:${listener.port}\n`);
  });
  return {
    url: `http://${host}:${listener.port}`,
    port: listener.port,
    close: async () => {
      time.dispose();
      await listener.close();
    },
  };
}
