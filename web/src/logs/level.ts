/** From the least to the most urgent. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

const BY_WORD: Readonly<Record<string, Level>> = {
  trace: 'debug',
  debug: 'debug',
  dbg: 'debug',
  d: 'debug',
  info: 'info',
  inf: 'info',
  i: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  w: 'warn',
  error: 'error',
  err: 'error',
  e: 'error',
  fatal: 'error',
  panic: 'error',
};

/** Where a level is looked for: behind it there is what people and models wrote. */
const HEAD = 160;
const PATTERNS = [
  // llama-swap: "[INFO] Request …", with a time before it where its config asks for one.
  /^.{0,48}?\[(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\]/,
  // logfmt and JSON, as many model servers write.
  /\blevel=(trace|debug|info|warn|warning|error|fatal|panic)\b/i,
  /"level(?:name)?" ?: ?"(trace|debug|info|warn|warning|error|fatal|panic)"/i,
  // llama.cpp with --log-prefix: "0.00.123.456 I srv …", or without times.
  /^(?:\d[\d.]* )?([DIWE]) (?=\S)/,
  // uvicorn and Python: "INFO:     Started", "WARNING 11-22 08:57 [file.py]".
  /^(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b/,
  // llama.cpp: "error: …", "srv operator(): warning: …", "main: error: …".
  /^(?:[\w:()~ ]{1,48}: )?(error|warning|fatal|panic): /i,
];

/** How urgent a line calls itself; null: it does not say. */
export function levelOf(text: string): Level | null {
  const head = text.slice(0, HEAD);
  for (const pattern of PATTERNS) {
    const word = pattern.exec(head)?.[1];
    if (word !== undefined) return BY_WORD[word.toLowerCase()] ?? null;
  }
  return null;
}

/** Whether a line is at least so urgent. One that says nothing counts as information. */
export const isAtLeast = (level: Level | null, least: Level): boolean =>
  LEVELS.indexOf(level ?? 'info') >= LEVELS.indexOf(least);
