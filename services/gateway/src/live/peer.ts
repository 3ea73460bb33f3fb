import type { ControlFrames, Room } from '@boocontrol/contracts';
import { pause } from '@boocontrol/platform';
import type { Namespace, Socket } from 'socket.io';
import type { Backlog, Pace } from './backlog.js';

/** So little waiting that a tail may follow. */
const LITTLE_BYTES = 256 * 1024;
const DRAIN_LOOK_MS = 25;

type Events = { [K in keyof ControlFrames]: (frame: ControlFrames[K]) => void } & {
  bye: (reason: { code: string; message: string }) => void;
};
type NoEvents = Record<never, never>;
export type ControlSocket = Socket<NoEvents, Events, NoEvents, NoEvents>;
export type ControlNamespace = Namespace<NoEvents, Events, NoEvents, NoEvents>;

/** One browser on /control, and what it wants. */
export class Peer {
  /** null until it has joined. */
  rooms: ReadonlySet<Room> | null = null;
  pace: Pace = 'keeping_up';

  private turn: Promise<void> = Promise.resolve();

  constructor(readonly socket: ControlSocket) {}

  get id(): string {
    return this.socket.id;
  }

  /** May be sent to: it has joined, and reads what it is sent. */
  get isLive(): boolean {
    return this.rooms !== null && this.pace === 'keeping_up' && this.socket.connected;
  }

  /**
   * What waits to be sent. engine.io hands its buffer to the transport as a whole and is writable again when that is
   * through, so the part on its way counts as one packet; between two polls a polling client is no laggard for that.
   */
  backlog(): Backlog {
    const { writeBuffer, transport } = this.socket.conn as unknown as {
      writeBuffer: { data?: unknown }[];
      transport: { name: string; writable: boolean };
    };
    const onItsWay = transport.name === 'websocket' && !transport.writable ? 1 : 0;
    const bytes = writeBuffer.reduce((sum, { data }) => sum + sizeOf(data), 0);
    return { packets: writeBuffer.length + onItsWay, bytes };
  }

  /**
   * Runs what sends much one after the other, each when little waits in the connection.
   * @param isWanted asked before it runs; false: it does not run any more
   */
  inTurn(isWanted: () => boolean, send: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(async () => {
      while (isWanted() && this.socket.connected && this.backlog().bytes > LITTLE_BYTES)
        await pause(DRAIN_LOOK_MS);
      if (isWanted() && this.socket.connected) await send();
    });
    return this.turn;
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Uint8Array ? data.byteLength : 0;
}
