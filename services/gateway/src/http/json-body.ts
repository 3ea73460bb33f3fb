import { ApiError } from './errors.js';

/** A body as JSON. No body at all is fine where none is read, whatever type its sender claims. */
export function parseJson(
  _request: unknown,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  if (body.length === 0) return done(null);
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    done(new ApiError('bad_request', `The body is not JSON: ${why}`));
  }
}
