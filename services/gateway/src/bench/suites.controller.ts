import {
  BenchSuitesSchema,
  BenchSuiteVersionsSchema,
  calls,
  SuiteNameSchema,
  type BenchSuite,
  type BenchSuites,
  type BenchSuiteVersions,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BodyOf, ParamOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { BODY_ERRORS, COMMAND, ERRORS, QUESTION, TAG } from './bench-service.js';
import { everyPage } from '../rpc/every-page.js';

const SaveSchema = calls.saveBenchSuite.request.omit({ name: true }).meta({ id: 'SaveBenchSuite' });

/** What is measured: passed on to the bench service. */
@Controller('api/bench/suites')
export class BenchSuitesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Suites that are stored, those that came with the program included',
    status: 200,
    response: BenchSuitesSchema,
    responseDescription: 'The newest version of each, by name',
    errors: ERRORS,
  })
  async list(): Promise<BenchSuites> {
    const pages = everyPage((cursor) => askService(this.client, calls.benchSuites, { cursor }, QUESTION));
    const suites: BenchSuites = { suites: [], problems: [] };
    for await (const page of pages) {
      suites.suites.push(...page.suites);
      suites.problems = page.problems;
    }
    return suites;
  }

  @Route({
    method: 'get',
    path: ':name/versions',
    tag: TAG,
    summary: 'What a suite was before',
    status: 200,
    response: BenchSuiteVersionsSchema,
    responseDescription: 'Newest first, those of a removed one as well',
    errors: ERRORS,
    passesOn: [calls.benchSuiteVersions],
  })
  async versions(@ParamOf('name', SuiteNameSchema) name: string): Promise<BenchSuiteVersions> {
    const pages = everyPage((cursor) =>
      askService(this.client, calls.benchSuiteVersions, { name, cursor }, QUESTION),
    );
    const versions: BenchSuite[] = [];
    for await (const page of pages) versions.push(...page.versions);
    return { versions };
  }

  @Route({
    method: 'put',
    path: ':name',
    tag: TAG,
    summary: 'Store a suite; one of the same name gets a new version',
    description:
      'Runs that are under way go on with what they began with. `ifHash` is the version that was edited: when another one is there by now it is `suite_changed`, with its hash in the details. A suite of a file is changed in the file.',
    status: 200,
    largeBody: true,
    response: calls.saveBenchSuite.reply,
    responseDescription: 'Stored',
    errors: BODY_ERRORS,
    passesOn: [calls.saveBenchSuite],
  })
  save(
    @ParamOf('name', SuiteNameSchema) name: string,
    @BodyOf(SaveSchema) body: z.output<typeof SaveSchema>,
  ): Promise<BenchSuite> {
    return askService(this.client, calls.saveBenchSuite, { name, ...body }, COMMAND);
  }

  @Route({
    method: 'delete',
    path: ':name',
    tag: TAG,
    summary: 'Remove a suite',
    description: 'Its runs and its versions stay. One that came with the program is what it was at first.',
    status: 204,
    responseDescription: 'Removed',
    errors: ERRORS,
    passesOn: [calls.removeBenchSuite],
  })
  async remove(@ParamOf('name', SuiteNameSchema) name: string): Promise<void> {
    await askService(this.client, calls.removeBenchSuite, { name }, COMMAND);
  }
}
