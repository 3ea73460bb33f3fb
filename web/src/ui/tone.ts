/** The states of the cockpit. Every tone has a colour (tokens.css) and, in Chip and Dot, a shape. */
export type Tone = 'ready' | 'busy' | 'error' | 'down' | 'own' | 'neutral';

export const toneText: Record<Tone, string> = {
  ready: 'text-ready',
  busy: 'text-busy',
  error: 'text-error',
  down: 'text-down',
  own: 'text-own',
  neutral: 'text-fg2',
};
