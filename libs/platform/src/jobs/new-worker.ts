import { randomUUID } from 'node:crypto';
import type { BaseConfig } from '../config/config.js';

/** A name for one hold on one piece of work: no other, of this process or another, is ever called so. */
export const newWorker = ({ SERVICE_INSTANCE }: Pick<BaseConfig, 'SERVICE_INSTANCE'>): string =>
  `${SERVICE_INSTANCE}/${randomUUID()}`;
