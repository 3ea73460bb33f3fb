import { z } from 'zod';

export const CheckSchema = z.object({
  status: z.enum(['up', 'down']).describe('Whether this part works'),
  detail: z.string().optional().describe('Why, in words; may be absent while up'),
  since: z.string().describe('When this status began, RFC 3339'),
});
export const HealthReportSchema = z
  .object({
    status: z.enum(['ok', 'degraded']).describe('degraded: at least one part does not work'),
    service: z.string().describe('Name of the service'),
    instance: z.string().describe('Which of its processes'),
    version: z.string().describe('Its version'),
    startedAt: z.string().describe('When the process began, RFC 3339'),
    checks: z.record(z.string(), CheckSchema).describe('Its parts, by name'),
  })
  .meta({ id: 'HealthReport' });
export type HealthReport = z.infer<typeof HealthReportSchema>;

export const SystemHealthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']).describe('degraded: at least one part does not work'),
    at: z.string().describe('When it was asked, RFC 3339'),
    parts: z
      .array(
        z.object({
          name: z.string().describe('bus, database, ingest, fleet-state, gateway, web'),
          status: z.enum(['ok', 'degraded', 'down']).describe('down: nobody answers for it'),
          why: z.string().nullable().describe('null while ok'),
          reports: z.array(HealthReportSchema).describe('One for each process that answered'),
        }),
      )
      .describe('What the system is made of'),
  })
  .meta({ id: 'SystemHealth' });
export type SystemHealth = z.infer<typeof SystemHealthSchema>;
