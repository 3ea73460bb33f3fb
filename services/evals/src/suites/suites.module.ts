import { Module } from '@nestjs/common';

/** What is asked, by name and version. */
@Module({})
export class SuitesModule {}
