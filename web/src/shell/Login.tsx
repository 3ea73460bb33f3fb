'use client';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { session } from '../api/session';
import { Button } from '../ui/controls';

/** Shown where the session ends while the page is open; before that, the gateway shows a page of its own. */
export function Login() {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token') ?? '');
    setBusy(true);
    setProblem(null);
    session.open(token).catch((error: unknown) => {
      setProblem(messageOf(error));
      setBusy(false);
    });
  };
  return (
    <main className="grid h-dvh place-items-center p-4">
      <form onSubmit={submit} className="flex w-full max-w-sm flex-col gap-4 rounded-xl border bg-s1 p-6">
        <h1 className="text-xl font-semibold">BooControl</h1>
        <p className="text-fg2">
          This cockpit is guarded by the admin token: the value of{' '}
          <code className="font-mono text-sm">BOOCONTROL_ADMIN_TOKEN</code> where BooControl was started.
        </p>
        <label htmlFor="token" className="text-sm font-medium">
          Admin token
        </label>
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== null}
          aria-describedby={problem ? 'token-problem' : undefined}
          className="-mt-2 h-9 pointer-coarse:h-10 rounded-md border border-line-strong bg-bg px-3 font-mono"
        />
        {problem && (
          <p id="token-problem" role="alert" className="text-sm text-error">
            {problem}
          </p>
        )}
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? 'Checking…' : 'Open the cockpit'}
        </Button>
      </form>
    </main>
  );
}
