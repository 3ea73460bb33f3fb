import { calls, type BenchRun } from '@boocontrol/contracts';
import { MeasureError } from '@boocontrol/measure';
import { answering, ProviderDirectory, refuse, RpcError, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { importedRun, type Imported } from '../runs/imported.js';
import { storeImported } from '../runs/imported.repository.js';

type Asked = z.output<typeof calls.importBench.request>;

/** Figures that llama-bench has measured. */
@Controller()
export class ImportsController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
  ) {}

  @Serve(calls.importBench)
  import(request: Asked): Promise<BenchRun> {
    const { providerId, model, source } = request;
    const imported = this.read(request);
    return answering('benchmarks', storeImported(this.db, { providerId, model }, source, imported));
  }

  /** @throws {CallError} `unknown_provider`, `not_llama_bench`; {RpcError} `unavailable` while the registry has not been read */
  private read({ output, ...target }: Asked): Imported {
    const call = calls.importBench;
    if (!this.directory.isRead)
      throw new RpcError('unavailable', 'The list of hosts is still being read; try again in a moment.');
    const provider = this.directory.get(target.providerId);
    if (!provider)
      throw refuse(
        call,
        'unknown_provider',
        `There is no host "${target.providerId}". It may have been removed.`,
      );
    try {
      const imported = importedRun(output, target, provider.baseUrl);
      if (imported !== null) return imported;
    } catch (error) {
      if (!(error instanceof MeasureError)) throw error;
      throw refuse(call, 'not_llama_bench', error.message.slice(0, 2_000));
    }
    throw refuse(
      call,
      'not_llama_bench',
      'All of its tests are of prompt and answer together (-pg), which have one speed for both. Run it with -p and -n.',
    );
  }
}
