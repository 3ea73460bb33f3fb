import type { SimModel } from '../options.js';
import { skilled } from '../skill/book.js';
import { shippedBook } from '../skill/shipped.js';
import { answerPieces } from './answer-text.js';
import type { Piece } from './pieces.js';
import type { GenerationRequest } from './requests.js';
import { pieces } from './tokens.js';

/** How long a model that reasons does so before it says what it is to say, in tokens. */
const THOUGHT_TOKENS = 24;

/** What a model with a script or a skill says; null: it has none, or knows nothing of this. */
export function scriptedPieces(spec: SimModel, request: GenerationRequest, seed: number): Piece[] | null {
  const answers =
    spec.answers ?? (spec.skill === undefined ? undefined : skilled(shippedBook, spec.id, spec.skill));
  const said = request.kind === 'chat' ? answers?.({ messages: request.messages, seed: request.seed }) : null;
  if (said == null) return null;
  const thought = spec.reasoning ? answerPieces(seed, THOUGHT_TOKENS) : [];
  return [
    ...thought.map((text) => ({ text, reasoning: true })),
    ...pieces(said.content).map((text) => ({ text, reasoning: false })),
    ...said.calls.flatMap(({ name, arguments: given }, index) => {
      const id = `call_${seed.toString(16)}_${index}`;
      const texts = pieces(typeof given === 'string' ? given : JSON.stringify(given ?? {}));
      return texts.map((text, part) => ({
        text,
        reasoning: false,
        call: { index, name, id, isFirst: part === 0 },
      }));
    }),
  ];
}
