import { z } from 'zod';
import type { Answers } from './skill/question.js';

export const GenerationSchema = z
  .enum(['A', 'B', 'C'])
  .describe('Wire generation: A up to v235, B v236 to v239, C from v240');
export type Generation = z.infer<typeof GenerationSchema>;

export const SimModelSchema = z.strictObject({
  id: z.string().min(1).describe('May contain slashes'),
  name: z.string().default(''),
  description: z.string().default(''),
  quant: z.string().optional().describe('Only shown in the command line of /running'),
  ctx: z.int().positive().default(32_768).describe('Context in tokens'),
  sizeMb: z.number().positive().default(8_000).describe('Weights in VRAM'),
  loadMs: z.number().min(0).default(2_000),
  ttlS: z.int().min(0).default(0).describe('Unload after this idle time, 0 = never'),
  promptTps: z.number().positive().default(2_000),
  genTps: z.number().positive().default(60),
  aliases: z.array(z.string().min(1)).default([]),
  unlisted: z.boolean().default(false),
  embedding: z.boolean().default(false).describe('Serves embeddings and nothing else'),
  reasoning: z.boolean().default(false).describe('The first part of an answer comes as reasoning_content'),
  draftAcceptPct: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('Speculative decoding: timings carry draft_n'),
  parallel: z.int().positive().default(4).describe('Slots, each with a KV cache of its own'),
  pace: z
    .strictObject({
      firstMs: z.number().min(0).describe('From the request to the first token'),
      tokenMs: z.number().positive().describe('From one token to the next'),
      tokensPerChunk: z.int().positive().default(1),
    })
    .optional()
    .describe('Exactly so fast, whatever else the host does; instead of promptTps and genTps'),
  skill: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Probability that it answers a question of the shipped eval suites rightly; absent: it babbles',
    ),
  answers: z
    .custom<Answers>((value) => typeof value === 'function')
    .optional()
    .describe('What it says to a chat, instead of what its skill says; in this process only'),
  concurrencyLimit: z.int().positive().default(10).describe('Requests served at once before a 429'),
  statesCtx: z
    .boolean()
    .default(false)
    .describe('The configuration names the context length, so listings do'),
});
export type SimModel = z.infer<typeof SimModelSchema>;

const SimGpuSchema = z.strictObject({
  name: z.string().min(1),
  totalMb: z.int().positive(),
  idleW: z.number().positive().default(22),
  maxW: z.number().positive().default(350),
});
export type SimGpu = z.infer<typeof SimGpuSchema>;

export const SimHostOptionsSchema = z.strictObject({
  id: z.string().min(1).default('sim'),
  generation: GenerationSchema.default('C'),
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  seed: z.int().default(1),
  models: z.array(SimModelSchema).min(1),
  peers: z.array(z.strictObject({ id: z.string(), models: z.array(z.string()) })).default([]),
  gpus: z.array(SimGpuSchema).default([]).describe('Empty = a host without a GPU tool'),
  concurrentModels: z
    .array(z.array(z.string()))
    .default([])
    .describe('Sets of models that may be loaded together; any other pair swaps each other out'),
  apiKeys: z.array(z.string().min(1)).default([]),
  performance: z
    .strictObject({
      enabled: z.boolean().default(true).describe('false = 503'),
      exists: z.boolean().default(true).describe('false = 404, as before v212'),
      everyMs: z.number().min(100).default(5_000),
    })
    .prefault({}),
  metricsMaxInMemory: z.int().positive().default(1_000),
  captureBufferMb: z.number().min(0).default(10).describe('0 = no captures'),
  timeScale: z.number().positive().default(1).describe('10 = everything takes a tenth of its time'),
  utcOffsetMinutes: z.int().min(-840).max(840).default(0).describe('The zone in which the host writes times'),
  activityRange: z
    .boolean()
    .default(false)
    .describe('Newer C: min_id, max_id, start, end and several models'),
  profiles: z.boolean().default(true).describe('C: /api/profiles and profileChanged; from v244 or so'),
  profileList: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        description: z.string().default(''),
        pins: z
          .record(z.string(), z.string())
          .default({})
          .describe('Name in a request → model that it means'),
      }),
    )
    .default([]),
  openAiErrors: z.boolean().default(true).describe('C: errors as objects, and 499 for a client that left'),
  ledgerMaxRows: z.int().positive().default(1_000_000).describe('Rows that rows() remembers, for long runs'),
  stopMs: z.number().min(0).default(300).describe('How long a model takes to stop'),
  os: z.enum(['linux', 'windows', 'darwin']).default('linux'),
  cpuModel: z.string().default('AMD Ryzen 9 7950X 16-Core Processor'),
  cpuCores: z.int().positive().default(8),
  memTotalMb: z.int().positive().default(65_536),
});
export type SimProfile = z.infer<typeof SimHostOptionsSchema>['profileList'][number];
export type SimHostOptions = z.infer<typeof SimHostOptionsSchema>;
export type SimHostInput = z.input<typeof SimHostOptionsSchema>;
