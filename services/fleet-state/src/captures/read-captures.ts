import { setImmediate } from 'node:timers/promises';
import type { Capture } from '@boocontrol/contracts';
import { captureText, type CaptureText } from '@boocontrol/fleet-model';
import { toTsVector } from './search-sql.js';

/** What a capture says, as it is stored beside it. */
export interface CaptureReading extends CaptureText {
  /** Text of a tsvector. */
  words: string;
}

/** Reads captures one after the other; between two of them whoever waits for the process has a turn. */
export async function readCaptures(captures: readonly Capture[]): Promise<CaptureReading[]> {
  const readings: CaptureReading[] = [];
  for (const capture of captures) {
    const text = captureText(capture);
    readings.push({ ...text, words: toTsVector(text) });
    await setImmediate();
  }
  return readings;
}
