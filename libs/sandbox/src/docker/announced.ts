import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/** What the docker command itself says before the container runs is short. */
const MAX_PREFACE_BYTES = 65_536;

export interface Announced {
  /** What came after the announcement; everything, when none came. */
  rest: Readable;
  /** Resolves when the announcement came. */
  ready: Promise<void>;
}

/** Splits a stream at the first `announcement` in it, which is left out with all that stands before. */
export function afterAnnouncement(stream: Readable, announcement: string): Announced {
  const rest = new PassThrough();
  let preface: Buffer | null = Buffer.alloc(0);
  let resolve = (): void => undefined;
  const ready = new Promise<void>((done) => (resolve = done));
  const giveUp = (): void => {
    if (preface !== null) rest.write(preface);
    preface = null;
  };
  stream.on('data', (chunk: Buffer) => {
    if (preface === null) {
      rest.write(chunk);
      return;
    }
    preface = Buffer.concat([preface, chunk]);
    const at = preface.indexOf(announcement);
    if (at === -1) {
      if (preface.length > MAX_PREFACE_BYTES) giveUp();
      return;
    }
    rest.write(preface.subarray(at + Buffer.byteLength(announcement)));
    preface = null;
    resolve();
  });
  stream.once('close', () => {
    giveUp();
    rest.end();
  });
  return { rest, ready };
}
