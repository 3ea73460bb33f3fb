/** Every wait of a connector, in milliseconds. Tests shorten them; services run with these. */
export const TIMINGS = {
  /** Nothing heard on the stream for so long: /health is asked. */
  silenceMs: 20_000,
  /** Rows are compared with the host's ring this often, whatever the stream said. */
  reconcileEveryMs: 30_000,
  /** A row without capture that its event has not announced yet may still get one: it waits so long. */
  settleMs: 2_000,
  perfEveryMs: 5_000,
  /** Monitoring that is off or absent is asked for again this often. */
  perfAskAgainMs: 5 * 60_000,
  runningEveryMs: 30_000,
  captureTimeoutMs: 3_000,
  /** Captures are not waited for during this time after several timeouts in a row. */
  captureBreakMs: 30_000,
  captureRetryMs: 5_000,
  inflightEveryMs: 250,
  /** A provider that only has a list of models is asked for it this often, give or take a tenth. */
  listEveryMs: 30_000,
  /** For each kB of a list that was stated, so long no other one is: what a provider tells must not fill the log. */
  listRestPerKbMs: 2_000,
  /** The list as a whole must come within this time. */
  listTimeoutMs: 15_000,
  /** When only byte counts moved. */
  inflightBytesEveryMs: 2_000,
};
export type Timings = typeof TIMINGS;
