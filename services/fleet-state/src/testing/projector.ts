import { STREAM } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import type { Joiner } from '../joins/joiner.js';
import { LogPosition } from '../projection/log-position.js';
import { Projector } from '../projection/projector.js';

/** Nothing is joined. */
export const untold: Pick<Joiner, 'touch'> = { touch: () => undefined };

/** A projector without a log: what it writes has no place there. */
export const testProjector = (source: DataSource, joiner = untold): Projector =>
  new Projector(
    source,
    new LogPosition({ source, name: 'history', stream: STREAM.fleet, hostIds: () => [] }),
    joiner,
  );

/** Of a log of its own, ROUTES, that is not there. */
export const testPosition = (source: DataSource): LogPosition =>
  new LogPosition({ source, name: 'dispatches', stream: STREAM.routes, hostIds: null });
