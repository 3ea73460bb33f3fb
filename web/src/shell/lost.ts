import type { ControlBye } from '@boocontrol/contracts';

/** Why there is no live connection, as far as it is known. */
export function lostWords(bye: ControlBye | null): string {
  if (!bye) return 'The live connection is lost; retrying…';
  return bye.code === 'shutting_down'
    ? 'BooControl is shutting down; retrying…'
    : `BooControl closed the connection: ${bye.message} Retrying…`;
}
