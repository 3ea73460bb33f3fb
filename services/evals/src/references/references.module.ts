import { Module } from '@nestjs/common';
import { GradingModule } from '../grading/grading.module.js';
import { SuitesModule } from '../suites/suites.module.js';
import { ReferenceChecks } from './reference-checks.js';

/** Whether the references of suites pass and their wrong solutions fail. */
@Module({ imports: [SuitesModule, GradingModule], providers: [ReferenceChecks] })
export class ReferencesModule {}
