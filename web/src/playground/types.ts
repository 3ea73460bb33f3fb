import type { Settings } from './settings';

/** A picture that goes with a message. */
export interface Picture {
  name: string;
  /** `data:image/…;base64,…` */
  url: string;
}

/** What a model wants done before it goes on. */
export interface Call {
  /** What its result has to name; '' where the model gave none. */
  id: string;
  name: string;
  /** JSON, as far as the model wrote it so. */
  arguments: string;
}

/** Why an answer is not there, in words. */
export interface Trouble {
  /** What happened. */
  title: string;
  /** As it was told. */
  message: string;
  /** What to do about it. */
  advice: string;
}

/** Who answered, as the headers of the answer say it. */
export interface Answerer {
  /** Of the request, GET /api/routing/dispatches/{id}. */
  dispatchId: string | null;
  providerId: string | null;
  model: string | null;
  policy: string | null;
  reason: string | null;
  attempts: number | null;
}

export const OUTCOMES = ['done', 'stopped', 'incomplete', 'failed', 'left'] as const;
/** `stopped`: by whoever looked on; `left`: the page was closed while it came. */
export type Outcome = (typeof OUTCOMES)[number];

/** What was measured of one answer; the definitions are those of docs/measuring.md. null: not measured, or not told. */
export interface Figures {
  /** From sending to the first token, be it reasoning or content. */
  ttftMs: number | null;
  /** From sending to the first token of what is to be read. */
  ttftContentMs: number | null;
  /** From sending to the last token. */
  e2eMs: number | null;
  promptTokens: number | null;
  /** Of the prompt, those that the host had read before. */
  cacheTokens: number | null;
  outputTokens: number | null;
  /** Tokens a second after the first, by our clock. */
  genTps: number | null;
  /** `genTps` counts chunks, because nobody has told the tokens yet. */
  isByChunks: boolean;
  /** As the host itself tells them. */
  hostGenTps: number | null;
  hostPromptTps: number | null;
}

/** How an answer came. */
export interface Account {
  outcome: Outcome;
  /** The model's own reason to end. */
  finish: string | null;
  trouble: Trouble | null;
  answerer: Answerer;
  figures: Figures;
}

export const ROLES = ['system', 'user', 'assistant', 'tool'] as const;
export type Role = (typeof ROLES)[number];

/** One message of a conversation. */
export interface Turn {
  id: string;
  role: Role;
  text: string;
  reasoning: string;
  pictures: readonly Picture[];
  calls: readonly Call[];
  /** Of a tool: the call that this is the result of. */
  callId: string | null;
  /** Of an answer that came here; null: it was written by hand or taken over. */
  account: Account | null;
}

export interface Pane {
  id: string;
  /** As it is sent: `auto:code`, `<provider>/<model>`, `<model>`; '' while none is chosen. */
  model: string;
  turns: readonly Turn[];
}

/** What lies on the desk, and is kept in this browser: up to four conversations side by side. */
export interface Sheet {
  id: string;
  /** One more with each change that was kept: two pages that have the same sheet open notice each other. */
  rev: number;
  /** Of the last change, by the browser's clock. */
  atMs: number;
  settings: Settings;
  /** What is being typed. */
  prompt: string;
  panes: readonly Pane[];
}

export const MOST_PANES = 4;
