import type { ErrorBody, Problem } from '@boocontrol/contracts';
import { plainProblem } from './problem-words';

/** Thrown when /api refuses or cannot be reached; `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

export type QueryValue = string | number | readonly string[] | undefined;

/** Lists become repeated parameters; what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) params.append(name, String(each));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

type Refused = () => void;
let onUnauthorized: Refused = () => undefined;
/** Who is told when a call is answered 401. */
export const whenUnauthorized = (tell: Refused): void => {
  onUnauthorized = tell;
};

/**
 * Calls /api on our own origin. Throws ApiError when it refuses, cannot be reached or does not answer as JSON;
 * an aborted call throws the signal's own AbortError.
 */
export async function api<T>(
  path: string,
  {
    method = 'GET',
    body,
    signal,
    headers = {},
  }: {
    method?: string;
    body?: unknown;
    signal?: AbortSignal;
    headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {
      code: 'unreachable',
      message: 'BooControl did not answer. Check that it is still running, then try again.',
    });
  }
  const text = await response.text();
  const json = parse(text);
  if (response.ok) return json as T;
  if (response.status === 401) onUnauthorized();
  throw new ApiError(response.status, problemOf(json, response.status));
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

function problemOf(json: unknown, status: number): Problem {
  const error = (json as Partial<ErrorBody> | null)?.error;
  return error?.message
    ? plainProblem(error)
    : { code: 'unexpected', message: `BooControl answered with status ${status}.` };
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something unexpected happened.';
