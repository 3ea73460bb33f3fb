import { LogLineSchema, STREAM, subjects, type LogLine } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { providerOf } from '../testing/bench.js';
import { Stage } from '../testing/stage.js';

const stage = new Stage();
const TASK = /^slot update_slots: id 0 \| task (\d+) /;

describe.each(['A', 'B', 'C'] as const)('the models of lines, generation %s', (generation) => {
  it('two at once, and half of what their own logs say is lost: none is given a line of the other', async () => {
    const id = `both-${generation.toLowerCase()}`;
    const models = ['one/a', 'two'].map((name) => ({ id: name, loadMs: 20 }));
    const sim = await stage.host({ id, generation, models, concurrentModels: [models.map(({ id }) => id)] });
    stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    const lines = async (source: LogLine['source']): Promise<LogLine[]> =>
      (await stage.bench.all(STREAM.logs, subjects.log(id, source))).map((body) => LogLineSchema.parse(body));
    for (const { id: model } of models) {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 4 });
      const answer = await fetch(`${sim.url}/v1/chat/completions`, { method: 'POST', body });
      expect(answer.status, await answer.text()).toBe(200);
    }
    await sim.faults.set({ logFlood: { linesPerS: 1_000 }, logDrops: { probability: 0.5 } });
    const flooded = async () => (await lines('upstream')).filter(({ line }) => TASK.test(line));
    const isMatched = ({ model }: LogLine): boolean => model?.by === 'matched';
    await waitFor(async () => (await flooded()).filter(isMatched).length > 200, {
      what: 'lines with models',
    });
    await sim.faults.clear();

    const told = await flooded();
    const tasks = told.map(({ line }) => Number(TASK.exec(line)?.[1]));
    const seen = new Set<string | undefined>();
    for (const [at, { model }] of told.entries()) {
      seen.add(model?.id);
      // The simulator has them write in turn.
      if (model) expect(model.id).toBe(models[(tasks[at] ?? 0) % 2]?.id);
    }
    expect(seen).toEqual(new Set(['one/a', 'two', undefined]));
    // Of the log of all nothing is lost, nothing comes twice, and what a model wrote is in its order.
    for (const turn of [0, 1]) {
      const own = tasks.filter((task) => task % 2 === turn);
      expect(own).toEqual(own.map((_, at) => (own[0] ?? 0) + 2 * at));
    }
    expect((await lines('proxy')).filter(({ model }) => model).map(({ model }) => model)).toContainEqual({
      id: 'two',
      by: 'told',
    });
  });
});
