import { z } from 'zod';
import { InstantSchema } from '../common.js';
import { SuiteSchema } from './suite.js';

/** Suites as the bench service keeps them: named, each with its versions. */

const count = z.int().min(0);

export const SuiteNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends',
  )
  .describe('Name of a stored suite: a slug of a-z, 0-9 and hyphen')
  .meta({ id: 'BenchSuiteName' });

/** A stored suite: one of its versions, each named by the hash of what it measures. */
export const BenchSuiteSchema = z
  .object({
    name: SuiteNameSchema,
    hash: z.string().describe('Of what it measures; two suites with the same hash measure the same'),
    origin: z
      .enum(['builtin', 'file', 'stored'])
      .describe(
        'builtin: it came with the program; file: from a YAML file of the data folder; stored: saved here',
      ),
    suite: SuiteSchema,
    at: InstantSchema.describe('When this version was stored'),
    runs: count.describe('Runs of this version'),
  })
  .meta({ id: 'BenchSuite' });
export type BenchSuite = z.infer<typeof BenchSuiteSchema>;

export const BenchSuitesSchema = z
  .object({
    suites: z.array(BenchSuiteSchema).describe('The newest version of each, by name'),
    problems: z
      .array(
        z.object({
          file: z.string().describe('Name of the file'),
          message: z.string().describe('What is wrong with it'),
        }),
      )
      .describe('Files of the data folder that are no suites'),
  })
  .meta({ id: 'BenchSuites' });
export type BenchSuites = z.infer<typeof BenchSuitesSchema>;

export const BenchSuiteVersionsSchema = z
  .object({ versions: z.array(BenchSuiteSchema).describe('Newest first') })
  .meta({ id: 'BenchSuiteVersions' });
export type BenchSuiteVersions = z.infer<typeof BenchSuiteVersionsSchema>;
