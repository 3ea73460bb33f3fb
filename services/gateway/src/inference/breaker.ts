const FAILURES_IN_A_ROW = 5;
/** Of the last outcomes, at least so many. */
const RECENT = 20;
const MIN_FOR_RATE = 10;
const FAILURE_RATE = 0.5;
const FIRST_OPEN_MS = 10_000;
const LONGEST_OPEN_MS = 120_000;
const MAX_KNOWN = 10_000;

/** neutral: it tells nothing about the host (a 4xx, a 429, a client that left). */
export type Verdict = 'success' | 'failure' | 'neutral';

export interface BreakerState {
  state: 'closed' | 'open' | 'half-open';
  /** When the next trial is let through; 0: it is closed. */
  retryAtMs: number;
}

/** A breaker as far as people want to know of it. */
export interface BreakerView extends BreakerState {
  key: string;
  inARow: number;
  failures: number;
  of: number;
  lastFailure: { atMs: number; message: string } | null;
}

interface Circuit {
  inARow: number;
  /** Newest last; true: failed. */
  recent: boolean[];
  /** 0: closed. */
  retryAtMs: number;
  openMs: number;
  onTrial: boolean;
  lastFailure: { atMs: number; message: string } | null;
}

/** One breaker for each model of each host: open after failures, then one request at a time tries whether it is well again. */
export class Breakers {
  private readonly circuits = new Map<string, Circuit>();

  /** Changes nothing. */
  mayTry(key: string, nowMs: number): { ok: true } | { ok: false; retryAtMs: number } {
    const circuit = this.circuits.get(key);
    if (circuit === undefined || circuit.retryAtMs === 0) return { ok: true };
    if (nowMs < circuit.retryAtMs) return { ok: false, retryAtMs: circuit.retryAtMs };
    return circuit.onTrial ? { ok: false, retryAtMs: nowMs + FIRST_OPEN_MS } : { ok: true };
  }

  /** A request is about to be sent; false: the breaker is open, or another request is its trial. */
  begin(key: string, nowMs: number): boolean {
    if (!this.mayTry(key, nowMs).ok) return false;
    const circuit = this.circuits.get(key);
    if (circuit !== undefined && circuit.retryAtMs > 0) circuit.onTrial = true;
    return true;
  }

  /**
   * What became of a request that had begun.
   * @param message what went wrong; null: nothing
   */
  end(key: string, verdict: Verdict, nowMs: number, message: string | null = null): void {
    const circuit = this.circuits.get(key);
    if (verdict === 'neutral') {
      if (circuit !== undefined) circuit.onTrial = false;
    } else if (verdict === 'success') {
      if (circuit !== undefined) this.succeeded(key, circuit);
    } else {
      const failing = circuit ?? this.add(key);
      failing.lastFailure = { atMs: nowMs, message: message ?? 'failed' };
      this.failed(failing, nowMs);
    }
  }

  /** Those with a failure among their last answers, at most `most`; all others are closed. */
  describe(nowMs: number, most: number): BreakerView[] {
    const views: BreakerView[] = [];
    for (const [key, { inARow, recent, lastFailure }] of this.circuits) {
      if (views.length === most) break;
      const failures = recent.filter(Boolean).length;
      views.push({ key, ...this.stateOf(key, nowMs), inARow, failures, of: recent.length, lastFailure });
    }
    return views;
  }

  stateOf(key: string, nowMs: number): BreakerState {
    const retryAtMs = this.circuits.get(key)?.retryAtMs ?? 0;
    return { state: retryAtMs === 0 ? 'closed' : nowMs < retryAtMs ? 'open' : 'half-open', retryAtMs };
  }

  private succeeded(key: string, circuit: Circuit): void {
    if (circuit.retryAtMs > 0) {
      // Well again: what was before counts no more. Those that were under way when it opened tell nothing new.
      if (circuit.onTrial) this.circuits.delete(key);
      return;
    }
    circuit.inARow = 0;
    note(circuit, false);
    if (!circuit.recent.includes(true)) this.circuits.delete(key);
  }

  private failed(circuit: Circuit, nowMs: number): void {
    circuit.inARow++;
    note(circuit, true);
    const wasTrial = circuit.onTrial;
    circuit.onTrial = false;
    const failures = circuit.recent.filter(Boolean).length;
    const isBad =
      circuit.inARow >= FAILURES_IN_A_ROW ||
      (circuit.recent.length >= MIN_FOR_RATE && failures / circuit.recent.length >= FAILURE_RATE);
    if (wasTrial) circuit.openMs = Math.min(LONGEST_OPEN_MS, circuit.openMs * 2);
    // Those that were under way when it opened do not open it longer.
    else if (!isBad || nowMs < circuit.retryAtMs) return;
    circuit.retryAtMs = nowMs + circuit.openMs;
  }

  private add(key: string): Circuit {
    for (const oldest of this.circuits.keys()) {
      if (this.circuits.size < MAX_KNOWN) break;
      this.circuits.delete(oldest);
    }
    const circuit: Circuit = {
      inARow: 0,
      recent: [],
      retryAtMs: 0,
      openMs: FIRST_OPEN_MS,
      onTrial: false,
      lastFailure: null,
    };
    this.circuits.set(key, circuit);
    return circuit;
  }
}

function note(circuit: Circuit, hasFailed: boolean): void {
  circuit.recent.push(hasFailed);
  if (circuit.recent.length > RECENT) circuit.recent.shift();
}
