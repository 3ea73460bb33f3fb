/** A time of a host in which rows have come, Unix milliseconds, both ends included. */
export interface RowSpan {
  fromMs: number;
  toMs: number;
}

type Hear = (providerId: string, span: RowSpan) => void;

/** Tells who waits for it that rows of requests, or what tells more of them, are in the tables. */
export class NewRows {
  private readonly hearing: Hear[] = [];

  onNew(hear: Hear): void {
    this.hearing.push(hear);
  }

  /** Call after the commit. */
  tell(providerId: string, span: RowSpan): void {
    for (const hear of this.hearing) hear(providerId, span);
  }
}
