import {
  HealthReportSchema,
  subjects,
  SystemHealthSchema,
  type HealthReport,
  type SystemHealth,
} from '@boocontrol/contracts';
import { BUS, busState, decodeJson, HealthRegistry } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Guard } from '../edge/guard.js';
import { GatewayDatabase } from '../database/gateway-database.js';
import { Route } from '../http/route.js';
import { ExportIndex } from '../web/export-index.js';
import { systemHealth } from './system-health.js';

/** How long services have to answer. */
const WINDOW_MS = 400;
const MAX_REPORTS = 200;

@Controller('api/health')
export class HealthController {
  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(HealthRegistry) private readonly own: HealthRegistry,
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(ExportIndex) private readonly web: ExportIndex,
    @Inject(Guard) private readonly guard: Guard,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'system',
    summary: 'Every part of the system, its state and why',
    description:
      'Always 200 while the gateway answers. Without the token, where one is set, only the status is told.',
    status: 200,
    response: SystemHealthSchema,
    responseDescription: 'bus, database, ingest, fleet-state, gateway, web',
    errors: [],
  })
  async health(@Req() request: FastifyRequest): Promise<SystemHealth> {
    const [database, own, others] = await Promise.all([
      this.databaseProblem(),
      this.own.report(),
      this.ask(),
    ]);
    const checks = {
      bus: busState(this.nc).connected ? null : 'NATS does not answer; reconnecting',
      database,
      web: this.web.isBuilt ? null : 'the web app is not built; run npm run build --workspace web',
    };
    const reports = [
      own,
      ...others.filter(({ instance, service }) => instance !== own.instance || service !== own.service),
    ];
    const health = systemHealth(checks, reports, new Date().toISOString());
    return this.guard.isAuthenticated(request.raw) ? health : { ...health, parts: [] };
  }

  private async databaseProblem(): Promise<string | null> {
    try {
      await this.database.check();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async ask(): Promise<HealthReport[]> {
    if (!busState(this.nc).connected) return [];
    const reports: HealthReport[] = [];
    try {
      const answers = await this.nc.requestMany(subjects.health, '', {
        strategy: 'timer',
        maxWait: WINDOW_MS,
        maxMessages: MAX_REPORTS,
      });
      for await (const answer of answers) {
        const report = decodeJson(answer.data, HealthReportSchema);
        if (report.ok) reports.push(report.value);
      }
    } catch {
      // Nobody answers: each part that is missing says so.
    }
    return reports;
  }
}
