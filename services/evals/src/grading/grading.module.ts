import { Module } from '@nestjs/common';

/** How answers are graded, and where code runs for that. */
@Module({})
export class GradingModule {}
