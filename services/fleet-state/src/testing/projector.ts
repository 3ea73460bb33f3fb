import { STREAM } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import { LogPosition } from '../projection/log-position.js';
import { Projector } from '../projection/projector.js';

/** A projector without a log: what it writes has no place there. */
export const testProjector = (source: DataSource): Projector =>
  new Projector(
    source,
    new LogPosition({ source, name: 'history', stream: STREAM.fleet, hostIds: () => [] }),
  );
