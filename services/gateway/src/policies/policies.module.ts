import { Module } from '@nestjs/common';
import { PoliciesController } from './policies.controller.js';
import { Policies } from './policies.service.js';
import { PolicyBook } from './policy-book.js';
import { PolicyStore } from './policy-store.js';

/** The policies of /v1, in memory for the decision and in the table for good. */
@Module({
  controllers: [PoliciesController],
  providers: [PolicyStore, PolicyBook, Policies],
  exports: [PolicyBook],
})
export class PoliciesModule {}
