import type { Problem } from '@boocontrol/contracts';

/** What a route answers. */
export interface Answer {
  status: number;
  body?: unknown;
}

export const refuse = (
  status: number,
  code: string,
  message: string,
  details?: unknown,
  more: Pick<Problem, 'requiresConfirmation'> = {},
): Answer => ({ status, body: { error: { code, message, details, ...more } } });
