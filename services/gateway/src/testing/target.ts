import type { Target } from '../inference/parts.js';

export const aTarget = (providerId: string, over: Partial<Target> = {}): Target => ({
  providerId,
  kind: 'llama-swap',
  baseUrl: `http://${providerId}:8080`,
  model: 'real-model',
  headers: {},
  slots: 4,
  isLoaded: true,
  ...over,
});
