import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort, tempDir, waitFor } from '@boocontrol/testing';
import { stringify } from 'yaml';
import {
  BRIEF_MODEL,
  BROKEN_MODEL,
  LLAMA,
  PROFILE,
  RIVAL_MODEL,
  SLOW_MODEL,
  type HostOptions,
  type HostUnderTest,
} from './host.js';
import { TOOL_TEMPLATE } from './tools.js';

const sim = join(dirname(createRequire(import.meta.url).resolve('@boocontrol/sim')), 'cli.js');

/** The first port for the next host's model servers: ten each, below those that the system hands out to anybody. */
let modelPorts = 20_000 + (process.pid % 100) * 100;

/** Configuration as in llama-swap's config.example.yaml; its models are our model servers. */
function config(options: HostOptions, startPort: number, template: string): string {
  const model = ({ id, loadMs, ttlS, genTps }: typeof SLOW_MODEL) => ({
    cmd: `${process.execPath} ${sim} model --port \${PORT} --id ${id} --load-ms ${loadMs} --gen-tps ${genTps}`,
    proxy: 'http://127.0.0.1:${PORT}',
    ttl: ttlS,
  });
  const broken = {
    cmd: `${process.execPath} -e process.exit(3) \${PORT}`,
    proxy: 'http://127.0.0.1:${PORT}',
  };
  const llama = (id: string) =>
    options.llama && {
      cmd:
        `${options.llama.binary} -m ${options.llama.model} --host 127.0.0.1 --port \${PORT} -c ${LLAMA.ctx} -np ${LLAMA.slots}` +
        (options.llama.threads === undefined ? '' : ` -t ${options.llama.threads}`) +
        (options.forGateway === true ? ` --alias ${id} --jinja --chat-template-file ${template}` : '') +
        (options.llama.args === undefined ? '' : ` ${options.llama.args}`),
      proxy: 'http://127.0.0.1:${PORT}',
    };
  const { id: profile, ...ofProfile } = PROFILE;
  return stringify({
    healthCheckTimeout: 30,
    captureBuffer: options.keepsCaptures === false ? 0 : 10,
    metricsMaxInMemory: 1000,
    startPort,
    ...(options.apiKeys.length > 0 ? { apiKeys: options.apiKeys } : {}),
    ...(options.forCommands === true && options.generation === 'C'
      ? { profiles: { [profile]: ofProfile } }
      : {}),
    models: {
      [SLOW_MODEL.id]: llama(SLOW_MODEL.id) ?? model(SLOW_MODEL),
      [BRIEF_MODEL.id]: model(BRIEF_MODEL),
      ...(options.forGateway === true || options.sideBySide === true
        ? { [RIVAL_MODEL]: llama(RIVAL_MODEL) ?? model({ ...SLOW_MODEL, id: RIVAL_MODEL }) }
        : {}),
      ...(options.forCommands === true ? { [BROKEN_MODEL]: broken } : {}),
    },
    ...(options.sideBySide === true
      ? { groups: { both: { swap: false, exclusive: false, members: [SLOW_MODEL.id, RIVAL_MODEL] } } }
      : {}),
  });
}

/** Runs a real llama-swap binary on a free port. Throws with its output when it does not come up. */
export async function startReal(binary: string, options: HostOptions): Promise<HostUnderTest> {
  const dir = await tempDir();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = join(dir.path, 'config.yaml');
  const template = join(dir.path, 'tools.jinja');
  writeFileSync(file, config(options, modelPorts, template), { mode: 0o600 });
  writeFileSync(template, TOOL_TEMPLATE);
  modelPorts += 10;
  let child: ChildProcess | null = null;
  let output = '';
  const start = async (): Promise<void> => {
    const started = spawn(binary, ['-config', file, '-listen', `127.0.0.1:${port}`], {
      cwd: dir.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const healthy = async (): Promise<boolean> => {
      if (started.exitCode !== null) throw new Error(`llama-swap ended:\n${output}`);
      return (await fetch(`${url}/health`)).ok;
    };
    await waitFor(healthy, { what: `llama-swap on ${url}\n${output}` });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  };
  await start();
  return {
    url,
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    stop: async () => {
      await end('SIGTERM');
      await dir.remove();
    },
  };
}
