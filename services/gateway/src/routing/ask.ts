import type { Ask } from '../inference/parts.js';

/** A chat without anything special, of a client without a key: what is told where nobody asks yet. */
export const plainChat = (model: string): Ask => ({
  model,
  needs: new Set(['chat']),
  requestBytes: 0,
  maxTokens: null,
  session: null,
  leaseToken: null,
  grant: null,
});
