import { Module } from '@nestjs/common';

/** What runs say about models: scores, comparisons, the leaderboard. */
@Module({})
export class ScoresModule {}
