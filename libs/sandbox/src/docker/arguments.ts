import { BASE_ENVIRONMENT } from '../bubblewrap/arguments.js';
import type { SandboxJob, SandboxLimits } from '../types.js';

const MB = 2 ** 20;
const NOBODY = 65_534;

/** Written to standard error when the files are laid out, before the command starts; no command can write before it. */
export const READY = '\u0001boocontrol-ready\n';

/**
 * Docker hands in nothing but a standard input, and a container's files in memory are there only once it runs. So files come
 * first on the input: a line with their length in bytes, then a JSON object. Read without a buffer, so that the rest of the input
 * is the command's.
 */
const UNPACK = `
import json, os, sys
def take(count):
    parts = b''
    while len(parts) < count:
        part = os.read(0, count - len(parts))
        if not part:
            sys.exit('the files ended early')
        parts += part
    return parts
line = b''
while not line.endswith(b'\\n'):
    line += take(1)
for path, text in json.loads(take(int(line))).items():
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', newline='') as file:
        file.write(text)
os.write(2, b'\\x01boocontrol-ready\\n')
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    os.write(2, f'{sys.argv[1]}: {error.strerror}\\n'.encode())
    os._exit(127)
`;

/** What stands before the command's own input. */
export function filesAsInput(job: SandboxJob): string {
  const json = JSON.stringify(job.files);
  return `${Buffer.byteLength(json)}\n${json}`;
}

export interface Container {
  name: string;
  /** Who started it, for the removal of orphans. */
  owner: string;
  image: string;
  /** File with the filter of system calls. */
  profile: string;
}

export function dockerArguments(
  { name, owner, image, profile }: Container,
  job: SandboxJob,
  limits: SandboxLimits,
): string[] {
  const tmpfs = (path: string, mb: number): string[] => [
    '--tmpfs',
    `${path}:rw,exec,nosuid,nodev,size=${mb * MB},uid=${NOBODY},gid=${NOBODY},mode=0755`,
  ];
  return [
    ...['run', '--interactive', '--init', '--name', name],
    ...['--label', `boocontrol-eval=${job.label}`, '--label', `boocontrol-owner=${owner}`],
    ...['--network', 'none', '--read-only', '--user', `${NOBODY}:${NOBODY}`, '--hostname', 'sandbox'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${profile}`],
    // What Docker itself runs in it, its init, counts too.
    ...['--pids-limit', String(limits.processes), '--cpus', '1'],
    ...['--memory', `${limits.memoryMb}m`, '--memory-swap', `${limits.memoryMb}m`, '--shm-size', '4m'],
    ...['--ulimit', `fsize=${limits.fileMb * MB}`, '--ulimit', 'nofile=256', '--ulimit', 'core=0'],
    ...['--ulimit', `cpu=${limits.cpuSeconds + 2}`, '--log-driver', 'none'],
    ...tmpfs('/work', limits.workMb),
    ...tmpfs('/tmp', Math.max(1, Math.ceil(limits.workMb / 4))),
    ...['--workdir', '/work'],
    ...Object.entries({ ...BASE_ENVIRONMENT, ...job.env }).flatMap(([key, value]) => [
      '--env',
      `${key}=${value}`,
    ]),
    ...[image, 'python3', '-I', '-S', '-c', UNPACK, ...job.command],
  ];
}
