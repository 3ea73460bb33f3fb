import { api, ApiError, whenUnauthorized } from './client';

/** `unknown` until the gateway has answered. */
type Session = 'unknown' | 'open' | 'locked';

const listeners = new Set<() => void>();
let state: Session = 'unknown';
const set = (next: Session): void => {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
};

const RETRY_MS = 3000;

export const session = {
  get: (): Session => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Asks whether a token is needed; keeps asking while the gateway cannot be reached. */
  async check(): Promise<void> {
    try {
      const { required, authenticated } = await api<{ required: boolean; authenticated: boolean }>(
        '/session',
      );
      set(required && !authenticated ? 'locked' : 'open');
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) set('open');
      else if (state === 'unknown') setTimeout(() => void session.check(), RETRY_MS);
    }
  },
  /** Throws ApiError when the token is wrong. */
  async open(token: string): Promise<void> {
    await api('/session', { method: 'POST', body: { token } });
    set('open');
  },
};

whenUnauthorized(() => {
  if (state === 'open') set('locked');
});
