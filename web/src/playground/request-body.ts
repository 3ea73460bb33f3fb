import type { Json } from '@boocontrol/fleet-model';
import type { Call, Turn } from './types';

/**
 * The body of a request for the next answer.
 * @param fields what of the form is set
 */
export function requestBody(
  model: string,
  system: string,
  turns: readonly Turn[],
  fields: Json,
  stream: boolean,
): Json {
  return {
    model,
    messages: messagesOf(system, turns),
    ...fields,
    // Counts of tokens come with the last chunk.
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
  };
}

export function messagesOf(system: string, turns: readonly Turn[]): Json[] {
  const first = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  const answered = new Set(turns.flatMap(({ callId }) => (callId === null ? [] : [callId])));
  return [...first, ...turns.flatMap((turn) => messageOf(turn, answered))];
}

/** Reasoning is never sent back. An answer that brought nothing is left out, and so is a call without a result. */
function messageOf(turn: Turn, answered: ReadonlySet<string>): Json[] {
  const { role, text, pictures, callId } = turn;
  switch (role) {
    case 'tool':
      return [{ role, tool_call_id: callId ?? '', content: text }];
    case 'assistant': {
      const calls = turn.calls.filter(({ id }) => answered.has(id));
      if (text === '' && calls.length === 0) return [];
      return [{ role, content: text, ...(calls.length > 0 ? { tool_calls: calls.map(callJson) } : {}) }];
    }
    case 'system':
    case 'user':
      if (pictures.length === 0) return [{ role, content: text }];
      return [
        {
          role,
          content: [
            ...(text === '' ? [] : [{ type: 'text', text }]),
            ...pictures.map(({ url }) => ({ type: 'image_url', image_url: { url } })),
          ],
        },
      ];
  }
}

const callJson = ({ id, name, arguments: args }: Call): Json => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

/** A request as one may make it in a shell. The key is read from the environment; where none is needed, none is. */
export function curlOf(body: string, origin: string): string {
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H "authorization: Bearer \${BOO_KEY:-none}" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join('\n');
}
