import { asText, type Json } from './json.js';
import { plainTurn, type Turn } from './turn.js';

/** What is asked without a conversation: prompts, texts to embed, a query to rank by. */
export function promptTurns(document: Json): Turn[] {
  const suffix = asText(document['suffix']);
  return [
    ...textTurns('prompt', document['prompt']),
    ...(suffix ? [plainTurn('suffix', suffix)] : []),
    ...textTurns('input', document['input']),
    ...textTurns('query', document['query']),
  ];
}

/** A text, a list of texts, a list of token ids, or a list of such lists. */
function textTurns(role: string, value: unknown): Turn[] {
  if (typeof value === 'string') return [plainTurn(role, value)];
  if (!Array.isArray(value) || value.length === 0) return [];
  if (value.every((each) => typeof each === 'number')) {
    return [
      {
        ...plainTurn(role, ''),
        attachments: [`${value.length.toLocaleString('en')} token ${value.length === 1 ? 'id' : 'ids'}`],
      },
    ];
  }
  return value.flatMap((each) => textTurns(role, each));
}
