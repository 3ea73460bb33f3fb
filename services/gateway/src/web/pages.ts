/** Pages of our own, for when the web app's are not there. Self-contained: they must work without any other file. */
function page(title: string, body: string, script = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · BooControl</title>
<style>
  :root { color-scheme: dark light; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: oklch(0.16 0.01 250);
    color: oklch(0.93 0.01 250); font: 16px/1.6 Inter, system-ui, sans-serif; }
  main { width: min(28rem, calc(100vw - 3rem)); }
  h1 { font-size: 1.25rem; margin: 0 0 0.5rem; } p { color: oklch(0.75 0.01 250); margin: 0 0 1rem; }
  label { display: block; margin-bottom: 0.25rem; } code { font-family: ui-monospace, monospace; color: oklch(0.85 0.1 200); }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: 0.6rem 0.75rem; border-radius: 0.5rem;
    border: 1px solid oklch(0.4 0.02 250); background: oklch(0.21 0.012 250); color: inherit; }
  button { margin-top: 0.75rem; background: oklch(0.75 0.13 200); color: oklch(0.16 0.01 250); border: 0; font-weight: 600; cursor: pointer; }
  :focus-visible { outline: 2px solid oklch(0.8 0.13 200); outline-offset: 2px; }
  [role=alert] { min-height: 1.6em; color: oklch(0.75 0.16 25); margin: 0.75rem 0 0; }
</style></head>
<body><main>${body}</main>${script === '' ? '' : `<script>${script}</script>`}</body></html>
`;
}

/** Only a path of this origin is gone to after the login. */
const LOGIN_SCRIPT = `
const form = document.querySelector('form'), alertBox = document.querySelector('[role=alert]');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  alertBox.textContent = '';
  try {
    const answer = await fetch('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: form.token.value.trim() }) });
    if (answer.ok) {
      const next = new URLSearchParams(location.search).get('next') || '/';
      const target = new URL(next, location.origin);
      location.replace(target.origin === location.origin ? target.pathname + target.search : '/');
      return;
    }
    alertBox.textContent = (await answer.json()).error.message;
  } catch {
    alertBox.textContent = 'BooControl does not answer. Try again in a moment.';
  }
});
`;

export const loginPage = page(
  'Log in',
  `<h1>BooControl</h1><p>This fleet is behind an admin token. It is the value of <code>BOOCONTROL_ADMIN_TOKEN</code> on the
machine that runs BooControl.</p>
<form><label for="token">Admin token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Log in</button><p role="alert" aria-live="polite"></p></form>`,
  LOGIN_SCRIPT,
);

export const missingPage = page(
  'Not built yet',
  `<h1>The web app is not built yet</h1><p>BooControl runs, its API answers at <a href="/api/docs" style="color:inherit">/api/docs</a>,
but there is no web app to show. Build it with <code>npm run build --workspace web</code> and reload this page, or start everything
with <code>npm start</code>, which builds it.</p>`,
);

export const notFoundPage = page(
  'Not found',
  `<h1>There is no such page</h1><p>Go back to <a href="/" style="color:inherit">the fleet</a>.</p>`,
);
