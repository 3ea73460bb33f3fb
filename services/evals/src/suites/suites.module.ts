import { Module } from '@nestjs/common';
import { SuiteSources } from './suite-sources.js';
import { SuitesController } from './suites.controller.js';
import { Suites } from './suites.js';

/** What is asked, by name and version. Gives `Suites` to whoever imports it. */
@Module({ controllers: [SuitesController], providers: [Suites, SuiteSources], exports: [Suites] })
export class SuitesModule {}
