import { SERVICES, type HealthReport, type SystemHealth } from '@boocontrol/contracts';

export type Part = SystemHealth['parts'][number];

/** What we know of our own; `problem` null: it works. */
export interface OwnChecks {
  bus: string | null;
  database: string | null;
  web: string | null;
}

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
  const services = SERVICES.map(({ name, without }) => {
    // The gateway always has the report of its own process.
    const missing =
      own.bus === null ? `no ${name} process answers; ${without}` : 'cannot be asked while the bus is down';
    return servicePart(name, of(name), missing);
  });
  const parts = [
    ownPart('bus', own.bus),
    ownPart('database', own.database),
    ...services,
    ownPart('web', own.web),
  ];
  return { status: parts.every(({ status }) => status === 'ok') ? 'ok' : 'degraded', at, parts };
}
