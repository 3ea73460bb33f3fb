/** Collects the parameters of a statement that is put together from parts; nothing from outside is ever in its text. */
export class SqlParams {
  readonly values: unknown[] = [];

  /** The placeholder of a new parameter, e.g. `$3`. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
