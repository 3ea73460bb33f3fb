import { randomUUID } from 'node:crypto';
import type { BaseConfig } from '@boocontrol/platform';

/** A name for one hold on one action: no other, of this process or another, is ever called so. */
export const newWorker = ({ SERVICE_INSTANCE }: Pick<BaseConfig, 'SERVICE_INSTANCE'>): string =>
  `${SERVICE_INSTANCE}/${randomUUID()}`;
