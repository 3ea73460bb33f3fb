import type { Generation } from '@boocontrol/contracts';
import { promptOf, type Prompt } from '@boocontrol/fleet-model';
import type { HostRow } from '@boocontrol/llama-swap';

/** Which models llama.cpp serves: it ends its answers with `timings`, and they decide what a row counts as input. */
export class Engines {
  private readonly llama = new Map<string, boolean>();

  learn(model: string, isLlama: boolean): void {
    this.llama.set(model, isLlama);
  }

  /**
   * @param hadTimings what the row's own capture tells; null where it tells nothing
   */
  promptOf(row: HostRow, hadTimings: boolean | null, generation: Generation): Prompt {
    if (hadTimings === true) this.learn(row.model, true);
    // Only late builds of C tell rates of an answer without timings (vLLM's).
    const hasRates = row.promptTps !== null || row.genTps !== null;
    const isSure = hasRates && (generation !== 'C' || this.llama.get(row.model) === true);
    return promptOf(row, hadTimings ?? (isSure ? true : null));
  }
}
