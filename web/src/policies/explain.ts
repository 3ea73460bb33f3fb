import type { Explain, RouteTerms } from '@boocontrol/contracts';
import { TERMS } from '../dispatch/dispatch-words';

/** A request to try a policy with: as much as decides. */
export interface Probe {
  /** Empty: the policy itself. */
  asked: string;
  text: string;
  tools: boolean;
  pictures: boolean;
  /** As typed; empty: not said. */
  maxTokens: string;
  session: string;
  /** Empty: without a key. */
  keyId: string;
}

export const FIRST_PROBE: Probe = {
  asked: '',
  text: 'Hello',
  tools: false,
  pictures: false,
  maxTokens: '',
  session: '',
  keyId: '',
};

const A_TOOL = { type: 'function', function: { name: 'a_tool', parameters: { type: 'object' } } };
/** The smallest picture there is: what is in it does not matter. */
const A_PICTURE = { type: 'image_url', image_url: { url: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' } };

/** The body of POST /api/routing/explain. @param own the policy's name as clients ask for it */
export function explainBody(probe: Probe, own: string, draft: object): object {
  const { text, tools, pictures, maxTokens, session, keyId } = probe;
  const content = pictures ? [{ type: 'text', text }, A_PICTURE] : text;
  const most = Number.parseInt(maxTokens, 10);
  return {
    body: {
      model: probe.asked.trim() || own,
      messages: [{ role: 'user', content }],
      ...(tools ? { tools: [A_TOOL] } : {}),
      ...(most > 0 ? { max_tokens: most } : {}),
    },
    draft,
    ...(session.trim() ? { session: session.trim() } : {}),
    ...(keyId ? { keyId } : {}),
  };
}

/** What each part adds to the score: its weight's share of all weights times its value. */
export function contributions(terms: RouteTerms, weights: RouteTerms): RouteTerms {
  const sum = TERMS.reduce((all, term) => all + weights[term], 0);
  const parts = TERMS.map((term) => [term, sum > 0 ? (weights[term] * terms[term]) / sum : 0]);
  return Object.fromEntries(parts) as RouteTerms;
}

type Candidates = Explain['candidates'];

export const ableOf = (candidates: Candidates): Candidates =>
  candidates.filter(({ filter }) => filter === null);
export const leftOutOf = (candidates: Candidates): Candidates =>
  candidates.filter(({ filter }) => filter !== null);
