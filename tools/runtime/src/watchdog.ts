import { spawn } from 'node:child_process';
import type { ProcessId, StopStep } from './proc.js';

/**
 * Waits for the end of its input: a line means that the server is stopped by its owner, an end without one that the owner
 * died. Then it sends the signals in turn. A shell, because one runs beside each server and it takes 1 MB.
 * Arguments: pid, start ticks, then pairs of signal and tenths of a second to wait.
 */
const SCRIPT = `
pid=$1 ticks=$2; shift 2
alive() {
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
  rest=\${stat##*) }
  set -- $rest
  [ "$1" != Z ] && [ "\${20}" = "$ticks" ]
}
read -r word && exit 0
while [ $# -ge 2 ]; do
  alive || exit 0
  kill -s "$1" "$pid"
  left=$2; shift 2
  while [ "$left" -gt 0 ] && alive; do sleep 0.1; left=$((left - 1)); done
done
`;

/** Stops `target` when this process ends in any way, kill -9 included. Call the result once the target is gone. */
export function watchOver(target: ProcessId, steps: readonly StopStep[]): () => void {
  const args = steps.flatMap(({ signal, waitMs }) => [
    signal.replace(/^SIG/, ''),
    String(Math.ceil(waitMs / 100)),
  ]);
  const watchdog = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'boocontrol-watchdog', String(target.pid), String(target.startTicks), ...args],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' },
  );
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  // A pipe is a socket to Node, and an open one would keep our own process from ending.
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref();
  return () => {
    watchdog.stdin.end('done\n');
  };
}
