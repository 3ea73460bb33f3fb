import type { Gpu, Perf, Sys } from '@boocontrol/contracts';

/**
 * The last readings of a host. A sample may lack its GPU or its system half (the host measures them on separate
 * tickers), and network rates need two samples, so the newest perf fact alone is not enough to draw.
 */
export interface Meter {
  perf: Perf;
  gpus: readonly Gpu[] | null;
  sys: Sys | null;
  sysTs: string | null;
  /** Bytes per second over all interfaces but loopback; null until two system samples are known. */
  net: { rxBps: number; txBps: number } | null;
}

export function readMeter(before: Meter | undefined, perf: Perf): Meter {
  if (before?.perf === perf) return before;
  return {
    perf,
    gpus: perf.gpus ?? before?.gpus ?? null,
    sys: perf.sys ?? before?.sys ?? null,
    sysTs: perf.sys ? perf.ts : (before?.sysTs ?? null),
    net: perf.sys ? netRate(before, perf.sys, perf.ts) : (before?.net ?? null),
  };
}

function netRate(before: Meter | undefined, sys: Sys, ts: string): Meter['net'] {
  if (!before?.sys || !before.sysTs) return null;
  const seconds = (Date.parse(ts) - Date.parse(before.sysTs)) / 1000;
  if (seconds <= 0) return before.net;
  const [was, is] = [netTotal(before.sys), netTotal(sys)];
  // Counters start again when the host boots.
  if (is.rx < was.rx || is.tx < was.tx) return null;
  return { rxBps: (is.rx - was.rx) / seconds, txBps: (is.tx - was.tx) / seconds };
}

function netTotal(sys: Sys): { rx: number; tx: number } {
  let rx = 0;
  let tx = 0;
  for (const card of sys.net) {
    if (/^lo\d*$|loopback/i.test(card.name)) continue;
    rx += card.rxBytes;
    tx += card.txBytes;
  }
  return { rx, tx };
}
