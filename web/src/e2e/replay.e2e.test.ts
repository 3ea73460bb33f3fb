import { activityKey } from '@boocontrol/fleet-model';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { CHAT_FRAMES, wholeAnswer } from '../../testing/v1';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();
const drawer = (page: Page) => page.getByRole('dialog').first();
const replays = (page: Page) => drawer(page).getByTestId('replay');

/** The address of the newest request on a path of which a capture is kept. */
function addressOf(made: ReturnType<typeof homeFleet>, reqPath: string): string {
  const found = made.requests.find(
    (each) => each.reqPath === reqPath && each.hasCapture && each.entryId % 7 !== 0,
  );
  if (!found) throw new Error(`no made-up request on ${reqPath} has a capture`);
  const { providerId, entryId, ts } = found;
  return `/activity/?open=${encodeURIComponent(activityKey({ providerId, entryId, ts }))}&show=replay&range=all`;
}

describe('a replay', () => {
  it('goes to chosen hosts and models, beside the original', async () => {
    const made = homeFleet(Date.now());
    const { page, server } = await open(made, { path: addressOf(made, '/v1/chat/completions') });
    server.v1.answer = (_, index) => ({
      pieces: index === 0 ? wholeAnswer('Quite ', 'another.') : [CHAT_FRAMES.role, CHAT_FRAMES.text('Half')],
      end: index === 0 ? 'whole' : 'broken',
    });
    await drawer(page).getByTestId('original').getByText('A ring buffer keeps the last N items').waitFor();
    await drawer(page).getByRole('button', { name: 'Show what is sent' }).click();
    await drawer(page).getByText('POST /v1/chat/completions').waitFor();
    await drawer(page).getByRole('button', { name: 'Add a host and model' }).click();
    await page.getByPlaceholder('A model or a host').fill('gpt-oss');
    await page.keyboard.press('Enter');
    await drawer(page).getByRole('button', { name: 'Send 2 requests' }).click();
    await replays(page).getByText('Quite another.').waitFor();
    await replays(page)
      .getByText(/^It says something else/)
      .waitFor();
    await replays(page).getByText('The answer is incomplete').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    const [first] = server.v1.asked;
    expect(first?.headers['x-boo-source']).toBe('replay');
    expect(first?.body).toMatchObject({ temperature: 0.7, stream: true });
    expect(first?.body.messages).toHaveLength(2);
  });

  it('that is refused says why in the gateway’s words, and can be sent again', async () => {
    const made = homeFleet(Date.now());
    const { page, server } = await open(made, { path: addressOf(made, '/v1/messages') });
    const message = 'Tower is leased by bench until 12:30.';
    server.v1.answer = (_, index) => ({
      status: index === 0 ? 409 : 200,
      pieces: [
        index === 0
          ? JSON.stringify({
              type: 'error',
              error: { type: 'invalid_request_error', code: 'host_leased', message },
            })
          : 'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is 9503."}}\n\ndata: {"type":"message_stop"}\n\n',
      ],
    });
    await drawer(page).getByRole('button', { name: 'Send', exact: true }).click();
    await replays(page).getByRole('alert').getByText(message).waitFor();
    await replays(page).getByRole('button', { name: 'Ask again' }).click();
    await replays(page).getByText('It is 9503.').waitFor();
  });

  it('is stopped by its button, and by leaving the view', async () => {
    const made = homeFleet(Date.now());
    const { page, server } = await open(made, { path: addressOf(made, '/v1/chat/completions') });
    server.v1.answer = () => ({ pieces: [CHAT_FRAMES.role, CHAT_FRAMES.text('Now')], end: 'never' });
    await drawer(page).getByRole('button', { name: 'Send', exact: true }).click();
    await replays(page).getByText('Now', { exact: true }).waitFor();
    await replays(page).getByRole('button', { name: 'Stop' }).click();
    await replays(page).getByText('Stopped here. What had come stays.').waitFor();
    await expect.poll(() => server.v1.asked[0]?.isLeft).toBe(true);
    await replays(page).getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => server.v1.asked.length).toBe(2);
    await drawer(page).getByRole('button', { name: 'Conversation' }).click();
    await expect.poll(() => server.v1.asked[1]?.isLeft).toBe(true);
  });

  it('of what was not kept says why there is none', async () => {
    const made = homeFleet(Date.now());
    const gone = made.requests.find(({ hasCapture }) => !hasCapture);
    const { page } = await open(made, {
      path: `/activity/?open=${encodeURIComponent(activityKey(gone!))}&show=replay&range=all`,
    });
    await drawer(page).getByText('It can’t be sent again. The body of this request was not kept.').waitFor();
  });

  it('fits a phone', async () => {
    const made = homeFleet(Date.now());
    const { page } = await open(made, {
      path: addressOf(made, '/v1/chat/completions'),
      width: 390,
      touch: true,
    });
    await drawer(page).getByRole('button', { name: 'Send', exact: true }).click();
    await replays(page)
      .getByText(/^It says something else/)
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
