import type { HealthReport, SystemHealth } from '@boocontrol/contracts';

export type Part = SystemHealth['parts'][number];

/** What we know of our own; `problem` null: it works. */
export interface OwnChecks {
  bus: string | null;
  database: string | null;
  web: string | null;
}

/** Services that there must be, and what is missing without them. */
const SERVICES: Readonly<Record<string, string>> = {
  ingest: 'hosts are not followed until one is started',
  'fleet-state': 'history is not written and cannot be asked until one is started',
};

function whyOf({ checks, instance }: HealthReport): string {
  const bad = Object.entries(checks).filter(([, check]) => check.status === 'down');
  if (bad.length === 0) return `${instance} is starting or stopping`;
  return bad
    .map(([name, { detail }]) => (detail === undefined ? `${name} is down` : `${name}: ${detail}`))
    .join('; ');
}

function servicePart(name: string, reports: HealthReport[], missing: string): Part {
  if (reports.length === 0) return { name, status: 'down', why: missing, reports };
  const bad = reports.filter(({ status }) => status !== 'ok');
  if (bad.length === 0) return { name, status: 'ok', why: null, reports };
  const why = [...new Set(bad.map(whyOf))].join('; ');
  return { name, status: 'degraded', why, reports };
}

function ownPart(name: string, problem: string | null): Part {
  return { name, status: problem === null ? 'ok' : 'down', why: problem, reports: [] };
}

/** The whole system from our own checks and from what the services answered. */
export function systemHealth(own: OwnChecks, reports: readonly HealthReport[], at: string): SystemHealth {
  const of = (service: string): HealthReport[] => reports.filter((report) => report.service === service);
  const services = Object.entries(SERVICES).map(([name, without]) => {
    const missing =
      own.bus === null ? `no ${name} process answers; ${without}` : 'cannot be asked while the bus is down';
    return servicePart(name, of(name), missing);
  });
  const parts = [
    ownPart('bus', own.bus),
    ownPart('database', own.database),
    ...services,
    servicePart('gateway', of('gateway'), 'it does not answer itself'),
    ownPart('web', own.web),
  ];
  return { status: parts.every(({ status }) => status === 'ok') ? 'ok' : 'degraded', at, parts };
}
