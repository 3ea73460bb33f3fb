/** Told of each member at the top of an object and one level below it. */
export interface MemberVisitor {
  /**
   * A member whose value has been read: `path` is its key, or its two keys with a dot between; bytes from..to are its value.
   * Keys with a dot of their own are not told.
   */
  member(path: string, from: number, to: number): void;
  /** A member called `type` anywhere, with a text as its value. */
  type(from: number, to: number): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COMMA, COLON, MINUS, PLUS, DOT, ZERO] = [0x2c, 0x3a, 0x2d, 0x2b, 0x2e, 0x30];
/** Longer keys are none that anybody here asks for. */
const MAX_KEY_BYTES = 192;
/** Deeper than anything that is meant; hosts that read by recursion are spared the rest. */
const MAX_DEPTH = 2_000;

const TYPE_KEY = '"type"';

class NotJson extends Error {}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && (isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66));
}

/**
 * Reads a JSON object once, byte by byte, without making anything of it: no recursion, no copies, memory by its depth only.
 * It takes what JSON.parse takes (RFC 8259), but nothing deeper than 2,000 levels.
 */
class ObjectReader {
  private at = 0;
  /** Bytes of the closing brackets that are still to come. */
  private readonly open: number[] = [];

  constructor(
    private readonly bytes: Buffer,
    private readonly visitor: MemberVisitor,
  ) {}

  read(): void {
    this.space();
    if (this.bytes[this.at] !== OPEN_OBJECT) throw new NotJson('The body must be a JSON object.');
    const { bytes, open, visitor } = this;
    /** Keys and beginnings of values that are open, of the two upper levels. */
    const keys: (string | null)[] = [null, null];
    const begins = [0, 0];
    let isType = false;
    for (;;) {
      // A value begins here.
      this.space();
      const from = this.at;
      const byte = bytes[from];
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        const close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST;
        if (open.push(close) > MAX_DEPTH)
          throw new NotJson(`The body nests deeper than ${MAX_DEPTH} levels.`);
        this.at++;
        this.space();
        if (bytes[this.at] !== close) {
          isType = this.key(keys, begins);
          continue;
        }
      } else {
        this.scalar();
        if (isType && byte === QUOTE) visitor.type(from, this.at);
        this.tell(keys, begins);
      }
      // After a value: what is closed, until there is a next one.
      for (;;) {
        this.space();
        const close = open.at(-1);
        if (bytes[this.at] === close) {
          this.at++;
          open.pop();
          if (open.length === 0) return this.end();
          this.tell(keys, begins);
          continue;
        }
        if (bytes[this.at] !== COMMA) throw this.unexpected();
        this.at++;
        this.space();
        isType = this.key(keys, begins);
        break;
      }
    }
  }

  /** In an object, the key of the value that follows; true when it is `type`. */
  private key(keys: (string | null)[], begins: number[]): boolean {
    const { bytes, open } = this;
    if (open.at(-1) !== CLOSE_OBJECT) return false;
    const from = this.at;
    if (bytes[from] !== QUOTE) throw this.unexpected();
    this.text();
    const to = this.at;
    this.space();
    if (bytes[this.at] !== COLON) throw this.unexpected();
    this.at++;
    this.space();
    const level = open.length - 1;
    if (level <= 1) {
      keys[level] = to - from <= MAX_KEY_BYTES ? textOf(bytes, from, to) : null;
      begins[level] = this.at;
    }
    return to - from === TYPE_KEY.length && bytes.toString('latin1', from, to) === TYPE_KEY;
  }

  /** Of a value that has just ended, at the level where we are now. */
  private tell(keys: readonly (string | null)[], begins: readonly number[]): void {
    const level = this.open.length - 1;
    if (level > 1 || this.open[level] !== CLOSE_OBJECT) return;
    const [upper, lower] = keys;
    const begin = begins[level] ?? 0;
    if (level === 0) {
      if (upper != null && !upper.includes('.')) this.visitor.member(upper, begin, this.at);
    } else if (upper != null && lower != null && !upper.includes('.') && !lower.includes('.')) {
      this.visitor.member(`${upper}.${lower}`, begin, this.at);
    }
  }

  private end(): void {
    this.space();
    if (this.at < this.bytes.length) throw this.unexpected();
  }

  private space(): void {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at];
  }

  private scalar(): void {
    const byte = this.bytes[this.at];
    if (byte === QUOTE) this.text();
    else if (byte === 0x74) this.word('true');
    else if (byte === 0x66) this.word('false');
    else if (byte === 0x6e) this.word('null');
    else this.number();
  }

  private text(): void {
    const { bytes } = this;
    let at = this.at + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined || byte < 0x20) {
        this.at = at;
        throw this.unexpected();
      }
      if (byte !== BACKSLASH) {
        at++;
        continue;
      }
      const escaped = bytes[at + 1];
      if (escaped === 0x75) {
        for (let digit = 2; digit < 6; digit++)
          if (!isHex(bytes[at + digit])) {
            this.at = at;
            throw this.unexpected();
          }
        at += 6;
      } else if (escaped !== undefined && '"\\/bfnrt'.includes(String.fromCharCode(escaped))) {
        at += 2;
      } else {
        this.at = at;
        throw this.unexpected();
      }
    }
    this.at = at + 1;
  }

  private word(word: string): void {
    if (this.bytes.toString('latin1', this.at, this.at + word.length) !== word) throw this.unexpected();
    this.at += word.length;
  }

  private number(): void {
    const { bytes } = this;
    if (bytes[this.at] === MINUS) this.at++;
    if (bytes[this.at] === ZERO) this.at++;
    else this.digits();
    if (bytes[this.at] === DOT) {
      this.at++;
      this.digits();
    }
    if (((bytes[this.at] ?? 0) | 0x20) === 0x65) {
      this.at++;
      if (bytes[this.at] === MINUS || bytes[this.at] === PLUS) this.at++;
      this.digits();
    }
  }

  private digits(): void {
    if (!isDigit(this.bytes[this.at])) throw this.unexpected();
    while (isDigit(this.bytes[this.at])) this.at++;
  }

  private unexpected(): NotJson {
    return this.at >= this.bytes.length
      ? new NotJson('The body is no JSON: it ends too early.')
      : new NotJson(`The body is no JSON: unexpected byte at ${this.at}.`);
  }
}

/** A text as JSON means it; what is no valid text (half a surrogate pair) stays readable. */
export function textOf(bytes: Buffer, from: number, to: number): string {
  const raw = bytes.toString('utf8', from + 1, to - 1);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

/** Tells the members of the JSON object in `bytes`; null: done, else why it is none. */
export function readMembers(bytes: Buffer, visitor: MemberVisitor): string | null {
  try {
    new ObjectReader(bytes, visitor).read();
    return null;
  } catch (error) {
    if (error instanceof NotJson) return error.message;
    throw error;
  }
}
