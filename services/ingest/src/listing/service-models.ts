import { isObject, type Json } from '@boocontrol/llama-swap';
import { readList, wordsOf, type ReadList } from './read-list.js';

/** What OpenRouter tells of a model, in the words that a choice goes by. */
const MODALITIES_IN: Readonly<Record<string, string>> = { image: 'vision' };
const MODALITIES_OUT: Readonly<Record<string, string>> = {
  image: 'image-generation',
  audio: 'speech',
  embeddings: 'embeddings',
};

/**
 * The list of a service of the OpenAI kind. Whether a model is loaded there is nothing that a service tells; all of them
 * answer. null: there is no list in it.
 */
export function readServiceModels(body: unknown): ReadList | null {
  return readList(body, {
    isWanted: () => true,
    read: (entry) => ({ capabilities: capabilitiesOf(entry) }),
  });
}

function capabilitiesOf({
  capabilities,
  architecture,
  supported_parameters: parameters,
  type,
}: Json): string[] {
  const modalities = isObject(architecture) ? architecture : {};
  const told = [
    ...wordsOf(capabilities),
    ...wordsOf(modalities['input_modalities']).flatMap((word) => MODALITIES_IN[word] ?? []),
    ...wordsOf(modalities['output_modalities']).flatMap((word) => MODALITIES_OUT[word] ?? []),
    ...wordsOf(parameters).filter((word) => word === 'tools'),
    // Together: chat, language, embedding, rerank, image …
    ...(typeof type === 'string' && /^(?:embedding|rerank)s?$/.test(type) ? [type] : []),
  ];
  return [...new Set(told)];
}
