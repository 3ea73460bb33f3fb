import type { ControlBye } from '@boocontrol/contracts';

const ENDS = new Set(['restarting', 'shutting_down']);

/** Why there is no live connection, as far as it is known. */
export function lostWords(bye: ControlBye | null): string {
  if (!bye) return 'The live connection is lost; retrying…';
  return ENDS.has(bye.code)
    ? 'BooControl is shutting down; retrying…'
    : `BooControl closed the connection: ${bye.message} Retrying…`;
}
