import type { ToolCall } from './tool-call.js';

export interface Turn {
  role: string;
  text: string;
  reasoning: string;
  /** Pictures, sounds and the like, which are named but not shown. */
  attachments: string[];
  toolCalls: ToolCall[];
}

export const plainTurn = (role: string, text: string): Turn => ({
  role,
  text,
  reasoning: '',
  attachments: [],
  toolCalls: [],
});
