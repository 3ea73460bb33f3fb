import { z } from 'zod';

/** Where code of models may run on this machine. */
export const EvalSandboxesSchema = z
  .object({
    usable: z.array(z.string()).describe('Backends whose canaries all passed, the one in use first'),
    refused: z
      .array(
        z.object({
          name: z.string().describe('Which backend'),
          reason: z.string().describe('Why, and what to do'),
        }),
      )
      .describe('Backends that are not used'),
  })
  .describe('Without a usable one, code is not run and coding items are refused')
  .meta({ id: 'EvalSandboxes' });
export type EvalSandboxes = z.infer<typeof EvalSandboxesSchema>;
