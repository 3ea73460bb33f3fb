/** A part of an answer, as long as a token. */
export interface Piece {
  text: string;
  reasoning: boolean;
  /** It is a part of the arguments of this call. */
  call?: CallStart;
}

/** Of which call of a tool a piece is. */
export interface CallStart {
  /** Which one of the answer. */
  index: number;
  name: string;
  id: string;
  /** With the name; the others have arguments only. */
  isFirst: boolean;
}
