import { STREAM } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import type { NewRows } from '../projection/new-rows.js';
import { LogPosition } from '../projection/log-position.js';
import { Projector } from '../projection/projector.js';

/** Nobody waits for rows. */
export const untold: Pick<NewRows, 'tell'> = { tell: () => undefined };

/** A projector without a log: what it writes has no place there. */
export const testProjector = (source: DataSource, news = untold): Projector =>
  new Projector(
    source,
    new LogPosition({ source, name: 'history', stream: STREAM.fleet, hostIds: () => [] }),
    news,
  );

/** Of a log of its own, ROUTES, that is not there. */
export const testPosition = (source: DataSource): LogPosition =>
  new LogPosition({ source, name: 'dispatches', stream: STREAM.routes, hostIds: null });
