export type RuntimeErrorCode =
  | 'already_running'
  | 'bad_setting'
  | 'corrupt_download'
  | 'data_version'
  | 'disk_full'
  | 'docker'
  | 'locked'
  | 'no_apt'
  | 'no_keyring'
  | 'no_mirror'
  | 'no_network'
  | 'no_runtime'
  | 'not_executable'
  | 'permission'
  | 'port_taken'
  | 'start_failed'
  | 'unsupported_platform';

/** The three ways to run without the embedded runtime, named in every error that it cannot mend by itself. */
export const OTHER_WAYS =
  'Or do without the embedded runtime: set NATS_URL and DATABASE_URL to servers of your own, ' +
  'or set BOOCONTROL_RUNTIME=docker where a Docker engine runs.';

/** An expected failure of the runtime: `message` says what happened, `hint` says the way out. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';

  constructor(
    readonly code: RuntimeErrorCode,
    message: string,
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  /** Message and way out, for a terminal. */
  describe(): string {
    return `${this.message}\n  What to do: ${this.hint}`;
  }
}

/** Tells the failures with an errno (full disk, no permission, read-only file system) apart; others pass through. */
export function fromSystemError(error: unknown, doing: string): unknown {
  const code = errnoOf(error);
  const path = pathOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(doing, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new RuntimeError(
      'permission',
      `No permission while ${doing}${path === undefined ? '' : `: ${path}`} (${code}).`,
      'The folder belongs to another user or is read-only (was BooControl started as another user before?). ' +
        'Give it to the user that starts BooControl (chown -R), or remove it.',
      { cause: error },
    );
  }
  return error;
}

export function diskFull(doing: string, cause?: unknown): RuntimeError {
  return new RuntimeError(
    'disk_full',
    `The disk is full (while ${doing}).`,
    'Free some space (the runtime needs about 300 MB, the data grows with use) and start again; half-written files are redone.',
    { cause },
  );
}

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}
