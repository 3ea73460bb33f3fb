import { Module } from '@nestjs/common';
import { OwnershipModule } from './ownership/ownership.module.js';

@Module({ imports: [OwnershipModule] })
export class IngestModule {}
