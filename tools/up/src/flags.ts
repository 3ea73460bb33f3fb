import { parseArgs } from 'node:util';

export interface Flags {
  help: boolean;
  /** Addresses given with --host. */
  hosts: string[];
  port: number;
  /** Path of the fleet file; null: boocontrol.yaml when it is there. */
  config: string | null;
  /** true: always, false: never, null: when no host is declared anywhere. */
  demo: boolean | null;
  /** What is wrong with the flags, in a sentence; null when they are fine. */
  problem: string | null;
}

export const USAGE = `npm start -- [options]
  --host URL      follow this llama-swap host, e.g. http://192.168.1.20:8080 (repeatable)
  --config FILE   the fleet file (default: boocontrol.yaml when it is there)
  --port N        port of the cockpit (default: BOOCONTROL_PORT or 9503)
  --demo          run the simulated fleet beside your hosts
  --no-demo       never run it
  --help          this text`;

export function parseFlags(args: string[], env: NodeJS.ProcessEnv = process.env): Flags {
  const flags: Flags = { help: false, hosts: [], port: 9503, config: null, demo: null, problem: null };
  try {
    const { values } = parseArgs({
      args,
      strict: true,
      allowNegative: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        host: { type: 'string', multiple: true },
        config: { type: 'string' },
        port: { type: 'string' },
        demo: { type: 'boolean' },
      },
    });
    flags.help = values.help ?? false;
    flags.hosts = values.host ?? [];
    flags.config = values.config ?? env['BOOCONTROL_CONFIG'] ?? null;
    flags.demo = values.demo ?? null;
    const port = values.port ?? env['BOOCONTROL_PORT'] ?? '9503';
    flags.port = Number(port);
    if (!/^\d{1,5}$/.test(port) || flags.port < 1 || flags.port > 65_535) {
      flags.problem = `--port (or BOOCONTROL_PORT) is "${port}"; give a number from 1 to 65535.`;
    }
  } catch (error) {
    flags.problem = error instanceof Error ? error.message : String(error);
  }
  return flags;
}
