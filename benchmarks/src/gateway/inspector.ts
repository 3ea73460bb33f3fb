import { waitFor } from '@boocontrol/testing';
import { WebSocket } from 'undici';

const INSPECTOR = 'http://127.0.0.1:9229/json/list';

/** The part of a CPU profile (Chrome DevTools Protocol, Profiler.Profile) that is read here. */
export interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
}

/** The inspector of a Node process that was started without one. */
export class Inspector {
  private readonly answers = new Map<number, (result: unknown) => void>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.answers.get(id)?.(result);
    });
  }

  /** @throws {Error} when another process has the inspector's port */
  static async of(pid: number): Promise<Inspector> {
    const isThere = (): Promise<boolean> =>
      fetch(INSPECTOR).then(
        ({ ok }) => ok,
        () => false,
      );
    if (await isThere()) throw new Error('another process has the port of the inspector');
    process.kill(pid, 'SIGUSR1');
    await waitFor(isThere, { what: 'the inspector', timeoutMs: 10_000 });
    const [target] = (await (await fetch(INSPECTOR)).json()) as { webSocketDebuggerUrl: string }[];
    if (target === undefined) throw new Error('the inspector has no target');
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    return new Inspector(socket);
  }

  ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async profile(work: () => Promise<unknown>): Promise<Profile> {
    await this.ask('Profiler.enable');
    await this.ask('Profiler.setSamplingInterval', { interval: 500 });
    await this.ask('Profiler.start');
    await work();
    return ((await this.ask('Profiler.stop')) as { profile: Profile }).profile;
  }

  /** Bytes of the heap that are in use, what could be collected included. */
  async heapBytes(): Promise<number> {
    return ((await this.ask('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
  }

  /** Bytes of the heap that are in use after a collection. */
  async heapAfterCollection(): Promise<number> {
    await this.ask('HeapProfiler.enable');
    await this.ask('HeapProfiler.collectGarbage');
    return this.heapBytes();
  }

  close(): void {
    this.socket.close();
  }
}
