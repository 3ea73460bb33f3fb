import type { Desk } from './desk';
import { isEmpty, type Sheets } from './sheets';
import { newId } from './turns';
import type { Sheet } from './types';

/** After a change; and so often while answers come. */
const AFTER_MS = 400;
const WHILE_BUSY_MS = 3000;

interface Told {
  /** The list of what is kept has changed. */
  onKept: (id: string) => void;
  /** Another page has changed the sheet: what lies here goes on as a sheet of its own. */
  onCopied: () => void;
  onFailed: (error: unknown) => void;
}

/** Keeps what lies on the desk in this browser, shortly after each change. */
export class Keeper {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private kept: Sheet;
  private rev: number;
  private panes: Sheet['panes'];
  private writing: Promise<void> = Promise.resolve();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly desk: Desk,
    private readonly sheets: Sheets,
    private readonly told: Told,
  ) {
    this.kept = desk.get().sheet;
    this.rev = this.kept.rev;
    this.panes = this.kept.panes;
    this.unsubscribe = desk.subscribe(() => this.changed());
  }

  /** Another sheet lies there now. */
  begin(sheet: Sheet): void {
    this.kept = sheet;
    this.rev = sheet.rev;
  }

  /** Keeps what lies there now; resolves when it is kept. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { sheet } = this.desk.get();
    const { isBusy } = this.desk;
    if ((sheet === this.kept && !isBusy) || isEmpty(sheet)) return this.writing;
    this.kept = sheet;
    const made = this.desk.asLeft;
    this.writing = this.writing
      .then(() => this.write(made))
      .catch((error: unknown) => this.told.onFailed(error));
    if (isBusy) this.schedule(WHILE_BUSY_MS);
    return this.writing;
  }

  stop(): void {
    this.unsubscribe();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Messages are kept at once; what is being typed, and what still comes, after a while. */
  private changed(): void {
    const { panes } = this.desk.get().sheet;
    if (panes !== this.panes) this.schedule(0);
    else if (!this.desk.isBusy) this.schedule(AFTER_MS);
    else if (this.timer === null) this.schedule(WHILE_BUSY_MS);
    this.panes = panes;
  }

  private schedule(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async write(sheet: Sheet): Promise<void> {
    const rev = this.rev + 1;
    if (await this.sheets.write({ ...sheet, rev, atMs: Date.now() })) {
      if (this.desk.get().sheet.id === sheet.id) this.rev = rev;
      return this.told.onKept(sheet.id);
    }
    if (this.desk.get().sheet.id !== sheet.id) return;
    const id = newId();
    this.rev = 1;
    this.desk.rename(id);
    await this.sheets.write({ ...sheet, id, rev: 1, atMs: Date.now() });
    this.told.onCopied();
    this.told.onKept(id);
  }
}
