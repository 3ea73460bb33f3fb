import type { Capability } from './parts.js';

/** How an endpoint speaks: the frames of its streams and the form of its errors. */
export type Dialect = 'chat' | 'completions' | 'responses' | 'messages' | 'other';

export interface Endpoint {
  /** Below /v1. */
  path: string;
  dialect: Dialect;
  needs: readonly Capability[];
}

const ENDPOINTS: readonly Endpoint[] = [
  { path: '/chat/completions', dialect: 'chat', needs: ['chat'] },
  { path: '/completions', dialect: 'completions', needs: ['completion'] },
  { path: '/responses', dialect: 'responses', needs: ['chat'] },
  { path: '/messages', dialect: 'messages', needs: ['chat'] },
  { path: '/messages/count_tokens', dialect: 'messages', needs: ['chat'] },
  { path: '/embeddings', dialect: 'other', needs: ['embeddings'] },
  { path: '/rerank', dialect: 'other', needs: ['rerank'] },
  { path: '/audio/speech', dialect: 'other', needs: ['audio'] },
  { path: '/audio/transcriptions', dialect: 'other', needs: ['audio'] },
  { path: '/images/generations', dialect: 'other', needs: ['image'] },
];
const BY_PATH = new Map(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint]));

/** @param path below /v1; undefined: /v1 has no such endpoint */
export function endpointOf(path: string): Endpoint | undefined {
  return BY_PATH.get(path);
}

/** The body of an error in the dialect: Anthropic’s for /v1/messages, OpenAI’s everywhere else. */
export function errorBody(dialect: Dialect, status: number, code: string, message: string): object {
  const type = typeOf(status, dialect);
  return dialect === 'messages'
    ? { type: 'error', error: { type, message, code } }
    : { error: { message, type, param: null, code } };
}

/** An error inside a stream that has begun. No [DONE] follows: it is not done. */
export function errorEvent(dialect: Dialect, error: object): string {
  switch (dialect) {
    case 'messages':
      return `event: error\ndata: ${JSON.stringify(error)}\n\n`;
    case 'responses': {
      const { error: inner } = error as { error: { code?: unknown; message?: unknown } };
      const event = {
        type: 'error',
        sequence_number: 0,
        param: null,
        code: inner.code,
        message: inner.message,
      };
      return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
    }
    case 'chat':
    case 'completions':
    case 'other':
      return `data: ${JSON.stringify(error)}\n\n`;
  }
}

/** `type` as the official clients know it. */
function typeOf(status: number, dialect: Dialect): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  if (status < 500) return 'invalid_request_error';
  return dialect === 'messages' ? 'api_error' : 'server_error';
}
