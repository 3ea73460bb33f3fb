import { activityKey } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { CHAT_FRAMES, wholeAnswer, type ScriptV1 } from '../../testing/v1';
import { seriousViolations, useBrowser } from './browser';

const open = useBrowser();

async function playground(options: Parameters<typeof open>[1] = {}, answer?: () => ScriptV1) {
  const opened = await open(homeFleet(Date.now()), { path: '/playground/', ...options });
  const { page, server } = opened;
  if (answer) server.v1.answer = answer;
  await field(page).waitFor();
  return opened;
}
const field = (page: Page) => page.getByLabel('Your message');
const pane = (page: Page, number: number) =>
  page.getByRole('region', { name: `Conversation ${number}`, exact: true });
const answers = (page: Page) => page.getByRole('region', { name: 'Answer', exact: true });
async function send(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Control+Enter');
}
async function choose(page: Page, number: number, words: string): Promise<void> {
  await pane(page, number)
    .getByRole('button', { name: /^Model of conversation/ })
    .click();
  await page.getByPlaceholder('A model, a host, or auto').fill(words);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByPlaceholder('A model, a host, or auto').waitFor({ state: 'detached' });
}
/** Whether the browser has a text among the conversations that it keeps. */
const isKept = (page: Page, text: string): Promise<boolean> =>
  page.evaluate(async (wanted) => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const db = await result(indexedDB.open('boo-playground'));
    const kept = await result(db.transaction('sheets').objectStore('sheets').getAll());
    db.close();
    return JSON.stringify(kept).includes(wanted);
  }, text);
const untilKept = (page: Page, text: string): Promise<unknown> =>
  waitFor(() => isKept(page, text), { what: `${text} to be kept` });
/** An answer that has begun, and goes on when it is let. */
function held(...words: string[]) {
  let go: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (go = resolve));
  const [role = '', ...rest] = wholeAnswer(...words);
  return { go: () => go(), script: { pieces: [role, rest[0] ?? '', rest.slice(1).join('')], until } };
}

describe('a conversation', () => {
  it('is sent by keys, streams, is measured, and leads to how it was decided', async () => {
    const { script, go } = held('**Bold** wo', 'rds');
    const { page, server } = await playground({}, () => script);
    await waitFor(() => field(page).evaluate((each) => each === document.activeElement), {
      what: 'the focus',
    });
    await send(page, 'Say something');
    await page.getByText('Bold', { exact: true }).waitFor();
    await page.getByText('Answers', { exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    go();
    await answers(page).getByText('words').waitFor();
    await answers(page).getByText('qwen3-32b-Q4_K_M on Tower').waitFor();
    await answers(page).getByText('12 cached').waitFor();
    await answers(page).getByText('host 41.5').waitFor();
    const [asked] = server.v1.asked;
    expect(asked?.headers['x-boo-source']).toBe('playground');
    expect(asked?.headers.authorization).toBeUndefined();
    expect(asked?.body).toEqual({
      model: 'auto',
      messages: [{ role: 'user', content: 'Say something' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(await seriousViolations(page)).toEqual([]);
    await answers(page).getByRole('button', { name: 'Why' }).click();
    const drawer = page.getByRole('dialog', { name: 'Who answered, and why' });
    await drawer.getByTestId('dispatch').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  it('stops by Esc, leaves nothing running, and keeps what had come', async () => {
    const { script } = held('Half', ' more');
    const { page, server } = await playground({}, () => ({ ...script, end: 'never' }));
    await send(page, 'Go on for ever');
    await page.getByText('Half').waitFor();
    await page.keyboard.press('Escape');
    await answers(page).getByText('Stopped here.').waitFor();
    await waitFor(() => server.v1.asked[0]?.isLeft === true, { what: 'the host to be left' });
    await answers(page).getByText('Half').waitFor();
  });

  it('is not asked any further once its page is left, and says so when one comes back', async () => {
    const { script } = held('Half', ' more');
    const { page, server } = await playground({}, () => ({ ...script, end: 'never' }));
    await send(page, 'Go on for ever');
    await page.getByText('Half').waitFor();
    await page.getByRole('link', { name: 'Keys' }).click();
    await waitFor(() => server.v1.asked[0]?.isLeft === true, { what: 'the host to be left' });
    await page.getByRole('link', { name: 'Playground' }).click();
    await answers(page).getByText('The page was left before the answer was whole.').waitFor();
  });

  it('says what is awaited while a model is loaded', async () => {
    let go: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (go = resolve));
    const pieces = [CHAT_FRAMES.loading('loading model: qwen3\n'), wholeAnswer('Here').join('')];
    const { page } = await playground({}, () => ({ pieces, until }));
    await send(page, 'Hi');
    await page.getByText('Waits for the first token').waitFor();
    await page.getByText('loading model: qwen3').waitFor();
    go();
    await answers(page).getByText('Here', { exact: true }).waitFor();
    expect(await page.getByText('loading model').count()).toBe(0);
  });

  it('is edited and sent anew, asked again, forked, and loses messages', async () => {
    let n = 0;
    const { page, server } = await playground({}, () => ({ pieces: wholeAnswer(`answer ${++n}`) }));
    await send(page, 'One');
    await page.getByText('answer 1').waitFor();
    const menu = async (which: number, item: string): Promise<void> => {
      await pane(page, 1).getByRole('button', { name: 'Message', exact: true }).nth(which).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu(0, 'Edit and send');
    await page.getByLabel('The message').fill('Two');
    await page.getByLabel('The message').press('Control+Enter');
    await page.getByText('answer 2').waitFor();
    await menu(1, 'Ask again');
    await page.getByText('answer 3').waitFor();
    expect(server.v1.asked.map(({ body }) => body.messages.map(({ content }) => content))).toEqual([
      ['One'],
      ['Two'],
      ['Two'],
    ]);
    await menu(1, 'Fork here');
    await pane(page, 2).getByText('answer 3').waitFor();
    await menu(0, 'Delete');
    await pane(page, 1).getByText('Ask something below.').waitFor();
    await pane(page, 2).getByText('answer 3').waitFor();
  });

  it('draws what is hostile as the text that it is', async () => {
    const hostile =
      '<img src=x onerror="document.title=1"> [x](javascript:alert(1)) ![p](http://127.0.0.1:1/p.png) <script>document.title=2</script>';
    const asked: string[] = [];
    const { page } = await playground(
      { before: (each) => each.on('request', (request) => asked.push(request.url())) },
      () => ({ pieces: wholeAnswer(hostile) }),
    );
    await send(page, hostile);
    await answers(page).getByText('[picture: p]').waitFor();
    expect(await page.locator('#content img, #content script').count()).toBe(0);
    expect(await page.locator('#content a[href^=javascript]').count()).toBe(0);
    expect([await page.title(), asked.some((url) => url.includes('p.png'))]).toEqual([
      expect.stringContaining('Playground'),
      false,
    ]);
  });

  it('takes pictures, shows them, and says which it cannot take', async () => {
    const { page, server } = await playground({}, () => ({ pieces: wholeAnswer('A dot') }));
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    await page.getByLabel('Pictures', { exact: true }).setInputFiles([
      { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') },
      { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) },
      { name: 'text.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') },
    ]);
    await page.getByText('large.png is larger than 5 MB. text.svg is no PNG').waitFor();
    await page.getByRole('img', { name: 'dot.png' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await field(page).press('Control+Enter');
    await answers(page).getByText('A dot').waitFor();
    await pane(page, 1).getByRole('img', { name: 'dot.png' }).waitFor();
    expect(server.v1.asked[0]?.body.messages).toEqual([
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }],
      },
    ]);
  });
});

describe('several panes', () => {
  it('of one machine are asked one after the other, which is said; of others together', async () => {
    const first = held('one', ' done');
    const { page, server } = await playground();
    server.v1.answer = ({ body }) =>
      body.model === 'tower/qwen3-32b-Q4_K_M' ? first.script : { pieces: wholeAnswer(`from ${body.model}`) };
    await choose(page, 1, 'tower qwen3-32b');
    await page.getByRole('button', { name: 'Add a pane' }).click();
    await choose(page, 2, 'tower phi-4');
    await page.getByRole('button', { name: 'Add a pane' }).click();
    await choose(page, 3, 'mac llama');
    await page.getByText('1 and 2 share Tower: they are asked one after the other').waitFor();
    await send(page, 'Hi');
    await pane(page, 3).getByText('from mac-studio/llama').waitFor();
    await pane(page, 2).getByText('Waits its turn').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(server.v1.asked.map(({ body }) => body.model).toSorted()).toEqual([
      'mac-studio/llama-3.3-70b-IQ2_XXS',
      'tower/qwen3-32b-Q4_K_M',
    ]);
    first.go();
    await pane(page, 2).getByText('from tower/phi-4-Q8_0').waitFor();
    await pane(page, 1).getByText('one done').waitFor();
  });
});

describe('an answer that is none', () => {
  it('is told in words that say what to do, and asked for again', async () => {
    const { page, server } = await playground({}, () => ({
      status: 503,
      pieces: [JSON.stringify({ error: { code: 'provider_offline', message: 'nas is not connected.' } })],
    }));
    await send(page, 'Hi');
    const alert = page.getByRole('alert');
    await alert.getByText('The host is away').waitFor();
    await alert.getByText('nas is not connected.').waitFor();
    await alert.getByText('choose another host').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    server.v1.answer = () => ({ pieces: wholeAnswer('Here I am') });
    await alert.getByRole('button', { name: 'Ask again' }).click();
    await answers(page).getByText('Here I am').waitFor();
    await page.getByText('The host is away').waitFor({ state: 'detached' });
  });

  it.each([
    ['whole', 'Its stream ended before the model said that it was done.'],
    ['broken', 'The connection broke off before the model was done.'],
  ] as const)('and ends too early (%s) is called incomplete', async (end, words) => {
    let go: () => void = () => undefined;
    const until = new Promise<void>((resolve) => (go = resolve));
    const pieces = [CHAT_FRAMES.role, CHAT_FRAMES.text('Hal'), ': the last\n\n'];
    const { page } = await playground({}, () => ({ pieces, until, end }));
    await send(page, 'Hi');
    await page.getByText('Hal', { exact: true }).waitFor();
    go();
    await answers(page).getByText('The answer is incomplete').waitFor();
    await answers(page).getByText(words).waitFor();
    await answers(page).getByText('Hal', { exact: true }).waitFor();
  });

  it('is a call of a tool, whose result is written by hand', async () => {
    const { page, server } = await playground();
    server.v1.answer = (_asked, n) => ({
      pieces:
        n === 0
          ? [
              CHAT_FRAMES.call('get_weather', '{"city":"Paris"}'),
              CHAT_FRAMES.finish('tool_calls'),
              CHAT_FRAMES.done,
            ]
          : wholeAnswer('It rains.'),
    });
    await send(page, 'How is the weather?');
    await page.getByLabel('Result of get_weather').fill('rain');
    await page.getByRole('button', { name: 'Send result' }).click();
    await page.getByText('It rains.').waitFor();
    expect(server.v1.asked[1]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
    ]);
  });
});

describe('what is kept in the browser', () => {
  it('is there after a reload, is one of a list, and goes when it is deleted', async () => {
    const { page } = await playground({}, () => ({ pieces: wholeAnswer('An answer') }));
    await send(page, 'The first question');
    await answers(page).getByText('An answer').waitFor();
    await untilKept(page, 'An answer');
    await page.reload();
    await answers(page).getByText('An answer').waitFor();
    await answers(page).getByText('12 cached').waitFor();
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByText('Ask something below.').waitFor();
    await send(page, 'Another question');
    await answers(page).getByText('An answer').waitFor();
    await page.getByRole('button', { name: 'Conversations' }).click();
    const list = page.getByRole('list', { name: 'Conversations' });
    await list.getByText('Another question').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await list.getByRole('button', { name: 'Delete Another question' }).click();
    await list.getByText('Another question').waitFor({ state: 'detached' });
    await list.getByText('The first question').click();
    await pane(page, 1).getByText('The first question').waitFor();
  });

  it('may be garbled, or refused by the browser: one can ask all the same', async () => {
    const { page } = await playground({}, () => ({ pieces: wholeAnswer('An answer') }));
    await send(page, 'Hi');
    await answers(page).getByText('An answer').waitFor();
    await waitFor(() => page.evaluate(() => 'boo-playground-sheet' in localStorage), {
      what: 'it to be kept',
    });
    await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('boo-playground');
        request.onsuccess = () => resolve(request.result);
      });
      const change = db.transaction(['sheets', 'heads'], 'readwrite');
      change
        .objectStore('sheets')
        .put({ v: 1, sheet: { id: 7, panes: 'x' } }, localStorage['boo-playground-sheet']);
      change.objectStore('heads').put('x', 'y');
      await new Promise((resolve) => (change.oncomplete = resolve));
      db.close();
    });
    await page.reload();
    await page.getByText('Ask something below.').waitFor();
    await page.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: null }));
    await page.reload();
    await send(page, 'Hi');
    await answers(page).getByText('An answer').waitFor();
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByText('This browser keeps nothing for pages').waitFor();
  });

  it('is not written over by another page: what is here goes on as a copy', async () => {
    const { page, base } = await playground({}, () => ({ pieces: wholeAnswer('An answer') }));
    await send(page, 'Begun here');
    await answers(page).getByText('An answer').waitFor();
    await untilKept(page, '"outcome":"done"');
    await waitFor(() => page.evaluate(() => 'boo-playground-sheet' in localStorage), { what: 'its name' });
    const other = await page.context().newPage();
    await other.goto(`${base}/playground/`);
    await pane(other, 1).getByText('Begun here').waitFor();
    await send(other, 'Said there');
    await untilKept(other, 'Said there');
    await answers(other).nth(1).waitFor();
    await send(page, 'Said here');
    await page.getByText('Another page has changed this conversation.').waitFor();
    await untilKept(page, 'Said here');
    expect(await isKept(page, 'Said there')).toBe(true);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await waitFor(async () => (await page.getByRole('button', { name: /^Delete / }).count()) === 2, {
      what: 'both in the list',
    });
  });

  it('are presets of parameters; a wrong one is not sent', async () => {
    const { page, server } = await playground({}, () => ({ pieces: wholeAnswer('An answer') }));
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('0.2');
    await page.getByRole('button', { name: 'Presets' }).click();
    await page.getByLabel('Name of the preset').fill('Brief');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Brief', exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByLabel('Temperature').fill('hot');
    await send(page, 'Hi');
    await page.getByText('Not sent: a parameter isn’t right.').waitFor();
    await page.getByText('Enter a number.').waitFor();
    await page.getByRole('button', { name: 'Presets (1)' }).click();
    await page.getByRole('button', { name: 'Brief', exact: true }).click();
    await send(page, 'Hi');
    await answers(page).getByText('An answer').waitFor();
    expect(server.v1.asked.map(({ body }) => [body['temperature'], body.messages[0]?.content])).toEqual([
      [0.2, 'Be brief.'],
    ]);
  });
});

it('a captured request is opened, seen raw, and asked again of its host', async () => {
  const made = homeFleet(Date.now());
  const { page, server, base } = await open(made, { path: '/activity/' });
  server.v1.answer = () => ({ pieces: wholeAnswer('Asked again') });
  const request = made.requests.find(
    ({ reqPath, hasCapture, entryId, statusCode }) =>
      reqPath === '/v1/chat/completions' && hasCapture && entryId % 7 !== 0 && statusCode === 200,
  );
  if (!request) throw new Error('no made-up chat has a capture');
  const { providerId, model } = request;
  await page.goto(`${base}/activity/?open=${activityKey(request)}`);
  await page.getByRole('link', { name: 'Open in Playground' }).click();
  await field(page).waitFor();
  await page.getByTitle(`${providerId}/${model}`, { exact: true }).waitFor();
  await page.waitForURL('**/playground/');
  await page.getByRole('button', { name: 'Raw' }).click();
  await page.getByText('What would be sent').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Raw' }).click();
  await send(page, 'And then?');
  await page.getByText('Asked again').waitFor();
  expect(server.v1.asked[0]?.body).toMatchObject({ model: `${providerId}/${model}` });
});

describe('on a phone', () => {
  it('nothing is wider than the screen; panes are shown one at a time, parameters over them', async () => {
    const { page } = await playground({ width: 390, touch: true }, () => ({
      pieces: wholeAnswer(`\`\`\`\n${'long '.repeat(60)}\n\`\`\`\n\n${'x'.repeat(300)}`),
    }));
    const fits = async (): Promise<void> => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
    };
    await fits();
    await page.getByRole('button', { name: 'Conversation 1', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Add a pane' }).click();
    await field(page).fill('Hi');
    await page.getByRole('button', { name: 'Send' }).click();
    await answers(page).getByText('12 cached').waitFor();
    await page.getByRole('group', { name: 'Conversation' }).getByRole('button', { name: '2' }).click();
    await pane(page, 2).getByText('12 cached').waitFor();
    expect(await page.getByTestId('pane').count()).toBe(1);
    await fits();
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByRole('dialog', { name: 'Parameters' }).getByLabel('Top k').waitFor();
    await fits();
  });
});
