import type { z } from 'zod';

/**
 * What a call may refuse: its error codes, each with the HTTP status by which the gateway passes it on. Several calls
 * may share a set.
 */
export interface Refusals<Code extends string = string> {
  readonly errors: Readonly<Record<Code, number>>;
}

/** A question or command on the bus, answered by one service. Bodies travel in the packets of Nest's NATS transport. */
export interface Call<
  Q extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
  Code extends string = string,
> extends Refusals<Code> {
  /** A subject, or a template of one: `{field}` stands for that field of the request. */
  readonly subject: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly request: Q;
  readonly reply: A;
}

type FieldsOf<Subject extends string> = Subject extends `${string}{${infer Field}}${infer Rest}`
  ? Field | FieldsOf<Rest>
  : never;

/** A request must have, as text, every field that the subject's template names. */
type RequestOf<Subject extends string> = [FieldsOf<Subject>] extends [never]
  ? unknown
  : Readonly<Record<FieldsOf<Subject>, string>>;

export function defineCall<
  const Subject extends string,
  Q extends z.ZodType<RequestOf<Subject>>,
  A extends z.ZodType,
  const Errors extends Readonly<Record<string, number>>,
>(call: {
  subject: Subject;
  summary: string;
  request: Q;
  reply: A;
  errors: Errors;
}): Call<Q, A, keyof Errors & string> & { readonly subject: Subject } {
  return call;
}

/**
 * Where a request of this call goes.
 * @throws {TypeError} when a field of the template is no subject token; a request that fits its schema has only such.
 */
export function subjectOf(call: Call, request: unknown): string {
  return call.subject.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const token: unknown = (request as Record<string, unknown> | null | undefined)?.[field];
    if (typeof token === 'string' && /^[A-Za-z0-9_-]+$/.test(token)) return token;
    throw new TypeError(`"${field}" of a request to ${call.subject} is no subject token`);
  });
}
