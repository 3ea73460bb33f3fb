/** A service as docs/architecture.md describes one, by path. It has one feature: notes that come as facts and as work. */
export const SCRATCH_SERVICE: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "@boocontrol/scratch", "version": "0.1.0", "private": true, "type": "module" }',
  'tsconfig.json': `{
    "extends": "../../tsconfig.base.json",
    "compilerOptions": { "rootDir": "src", "outDir": "dist", "tsBuildInfoFile": "dist/.tsbuildinfo" },
    "include": ["src/**/*.ts"],
    "references": [{ "path": "../../libs/contracts" }, { "path": "../../libs/platform" }]
  }`,
  'src/main.ts': `
import 'reflect-metadata';
import { bootstrap, databaseConfig, loadConfig, runMain } from '@boocontrol/platform';
import { ScratchModule } from './scratch.module.js';

await runMain(() =>
  bootstrap({ name: 'scratch', config: loadConfig(databaseConfig), module: ScratchModule }),
);`,
  'src/scratch.module.ts': `
import { DatabaseModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { Notes1763700000000 } from './notes/notes.migration.js';
import { NotesModule } from './notes/notes.module.js';

@Module({
  imports: [DatabaseModule.forRoot({ schema: 'scratch', migrations: [Notes1763700000000] }), NotesModule],
})
export class ScratchModule {}`,
  'src/notes/notes.ts': `
import { defineCall } from '@boocontrol/contracts';
import { z } from 'zod';

export const NoteSchema = z.object({ text: z.string().min(1) });
export type Note = z.infer<typeof NoteSchema>;
export const listNotes = defineCall({
  subject: 'boo.rpc.scratch.notes',
summary: 'Notes and how far they are.',
  request: z.object({}),
  reply: z.object({ notes: z.array(z.object({ text: z.string(), state: z.string() })) }),
  errors: {},
});`,
  'src/notes/notes.migration.ts': `
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notes1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE scratch.notes (text text PRIMARY KEY, state text NOT NULL)');
  }
  async down(): Promise<void> {}
}`,
  'src/notes/notes.repository.ts': `
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface NoteRow {
  text: string;
  state: string;
}

@Injectable()
export class NotesRepository {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  async add(texts: readonly string[], state: string): Promise<void> {
    const sql = 'INSERT INTO scratch.notes SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING';
    await this.source.query(sql, [texts, state]);
  }
  async finish(text: string): Promise<void> {
    await this.source.query("UPDATE scratch.notes SET state = 'finished' WHERE text = $1", [text]);
  }
  all(): Promise<NoteRow[]> {
    return this.source.query('SELECT text, state FROM scratch.notes ORDER BY text');
  }
}`,
  'src/notes/notes.consumer.ts': `
import { once } from 'node:events';
import { STREAM, subjects } from '@boocontrol/contracts';
import { Consume, WorkQueue, type BusMessage, type Work } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { NotesRepository } from './notes.repository.js';
import { NoteSchema, type Note } from './notes.js';

@Injectable()
export class NotesConsumer {
  constructor(@Inject(NotesRepository) private readonly notes: NotesRepository) {}

  @Consume<Note>({
    name: 'notes',
    stream: STREAM.jobs,
    filterSubjects: [subjects.allJobs],
    schemaFor: () => NoteSchema,
  })
  async write(batch: readonly BusMessage<Note>[]): Promise<void> {
    await this.notes.add(batch.map(({ value }) => value.text), 'noted');
  }

  /** Is under way until the service goes down, so that what it leaves behind shows whether it was waited for. */
  @WorkQueue<Note>({
    name: 'work',
    stream: STREAM.captures,
    subject: subjects.capture('*'),
    schemaFor: () => NoteSchema,
  })
  async work({ value, signal }: Work<Note>): Promise<void> {
    await this.notes.add([value.text], 'started');
    if (!signal.aborted) await once(signal, 'abort');
    await this.notes.finish(value.text);
  }
}`,
  'src/notes/notes.controller.ts': `
import { Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { NotesRepository, type NoteRow } from './notes.repository.js';
import { listNotes } from './notes.js';

@Controller()
export class NotesController {
  constructor(@Inject(NotesRepository) private readonly notes: NotesRepository) {}

  @Serve(listNotes)
  async list(_request: object): Promise<{ notes: NoteRow[] }> {
    return { notes: await this.notes.all() };
  }
}`,
  'src/notes/notes.module.ts': `
import { Module } from '@nestjs/common';
import { NotesConsumer } from './notes.consumer.js';
import { NotesController } from './notes.controller.js';
import { NotesRepository } from './notes.repository.js';

@Module({ controllers: [NotesController], providers: [NotesRepository, NotesConsumer] })
export class NotesModule {}`,
};

/** The one line outside its folder: in the manifest. */
export const SCRATCH_ENTRY =
  "  { name: 'scratch', schema: 'scratch', needs: ['bus', 'database'], replicas: 'many', env: [], without: 'nothing is noted' },";
