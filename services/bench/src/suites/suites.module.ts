import { Module } from '@nestjs/common';
import { SuiteSources } from './suite-sources.js';
import { SuitesController } from './suites.controller.js';
import { Suites } from './suites.js';

/** What is measured, by name. Gives `Suites` to whoever imports it. */
@Module({ controllers: [SuitesController], providers: [Suites, SuiteSources], exports: [Suites] })
export class SuitesModule {}
