/** What a chat asks, and what it is answered with, apart from how that is sent. */

export interface ChatMessage {
  role: string;
  content: string;
}

export interface Question {
  messages: readonly ChatMessage[];
  /** As the request has it; 0: it has none. */
  seed: number;
}

export interface Scripted {
  content: string;
  /** Functions that are called. */
  calls: readonly { name: string; arguments: unknown }[];
}

/** What a model says to a chat; null: text of the usual kind. */
export type Answers = (question: Question) => Scripted | null;
