import { z } from 'zod';

export const CheckSchema = z.object({
  status: z.enum(['up', 'down']),
  detail: z.string().optional().describe('Why, in words; may be absent while up'),
  since: z.string(),
});
export const HealthReportSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    service: z.string(),
    instance: z.string(),
    version: z.string(),
    startedAt: z.string(),
    checks: z.record(z.string(), CheckSchema),
  })
  .meta({ id: 'HealthReport' });
export type HealthReport = z.infer<typeof HealthReportSchema>;

export const SystemHealthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    at: z.string(),
    parts: z.array(
      z.object({
        name: z.string().describe('bus, database, ingest, fleet-state, gateway, web'),
        status: z.enum(['ok', 'degraded', 'down']),
        why: z.string().nullable().describe('null while ok'),
        reports: z.array(HealthReportSchema),
      }),
    ),
  })
  .meta({ id: 'SystemHealth' });
export type SystemHealth = z.infer<typeof SystemHealthSchema>;
