import { CHAT_QUESTIONS, CHAT_SYSTEM, CODER_STEPS, codeContext, SNIPPETS } from './prompts.js';
import type { Message, TrafficTarget, World } from './world.js';

const CHAT = '/v1/chat/completions';

/** One round of what a consumer does, its pause included; the generator repeats it. */
export type Consumer = (world: World) => Promise<void>;

/** A chat app: conversations of a few turns, streamed, the history growing; now and then a user gives up. */
export const chatUser: Consumer = async (world) => {
  const { rng } = world;
  const target = world.chatTarget();
  const model = world.favourite(target);
  const messages: Message[] = [{ role: 'system', content: CHAT_SYSTEM }];
  for (let turn = rng.int(2, 5); turn > 0 && !world.signal.aborted; turn -= 1) {
    messages.push({ role: 'user', content: rng.pick(CHAT_QUESTIONS) });
    const patienceMs = rng.chance(0.03) ? 1_500 : undefined;
    const body = { model, messages, stream: true, stream_options: { include_usage: true } };
    const reply = await world.ask(target, CHAT, body, headers('boochat', 'BooChat/2.4'), patienceMs);
    if (reply.status !== 200) break;
    messages.push({ role: 'assistant', content: reply.text });
    await world.think(9_000);
  }
  await world.think(12_000);
};

/** A coding agent: a long first prompt, then quick steps on top of it. */
export const codingAgent: Consumer = async (world) => {
  const { rng } = world;
  const target = world.chatTarget();
  const model = world.favourite(target);
  const messages: Message[] = [
    { role: 'system', content: 'You are a careful coding agent. Work in small steps.' },
    { role: 'user', content: codeContext(rng, rng.int(12, 45)) },
  ];
  for (let step = rng.int(3, 8); step > 0 && !world.signal.aborted; step -= 1) {
    messages.push({ role: 'user', content: rng.pick(CODER_STEPS) });
    const body = { model, messages, stream: true, max_tokens: 400 };
    const reply = await world.ask(target, CHAT, body, headers('boocoder', 'boocoder/0.9 node/20'));
    if (reply.status !== 200) break;
    messages.push({ role: 'assistant', content: reply.text });
    await world.think(2_500);
  }
  await world.think(14_000);
};

/** An arena: the same question to two hosts at once. */
export const arena: Consumer = async (world) => {
  const { rng } = world;
  const messages = [{ role: 'user', content: rng.pick(CHAT_QUESTIONS) }];
  const ask = (target: TrafficTarget) => {
    const body = { model: world.favourite(target), messages, stream: true, max_tokens: 300 };
    return world.ask(target, CHAT, body, headers('arena', 'arena/1.1'));
  };
  await Promise.all([ask(world.chatTarget()), ask(world.chatTarget())]);
  await world.think(30_000);
};

/** A script that indexes documents in bursts. */
export const indexer: Consumer = async (world) => {
  const { rng } = world;
  const target = world.embeddingTarget();
  const model = target?.embeddingModels[0];
  if (target && model !== undefined) {
    for (let left = rng.int(3, 9); left > 0 && !world.signal.aborted; left -= 1) {
      const input = Array.from(
        { length: rng.int(1, 4) },
        () => `${rng.pick(SNIPPETS)} #${rng.int(1, 9_999)}`,
      );
      await world.ask(target, '/v1/embeddings', { model, input }, headers(undefined, 'python-requests/2.32'));
      await world.think(150);
    }
  }
  await world.think(25_000);
};

/** A web app's helper calls: short titles and summaries, not streamed. */
export const titler: Consumer = async (world) => {
  const target = world.chatTarget();
  const prompt = `Give a title of at most five words: ${world.rng.pick(SNIPPETS)}`;
  const body = {
    model: world.favourite(target),
    messages: [{ role: 'user', content: prompt }],
    max_tokens: 16,
  };
  await world.ask(target, CHAT, body, headers(undefined, 'OpenAI/JS 6.49'));
  await world.think(9_000);
};

/** Somebody at a shell, who mistypes a model name at times and uses the older completions route. */
export const shell: Consumer = async (world) => {
  const { rng } = world;
  const target = world.chatTarget();
  const model = rng.chance(0.25) ? 'gpt-5-nano' : world.favourite(target);
  const body = { model, prompt: `Complete this: ${rng.pick(SNIPPETS)}`, max_tokens: 40 };
  await world.ask(target, '/v1/completions', body, headers(undefined, 'curl/8.5'));
  await world.think(35_000);
};

function headers(source: string | undefined, userAgent: string): Record<string, string> {
  return { 'User-Agent': userAgent, ...(source === undefined ? {} : { 'X-Boo-Source': source }) };
}
