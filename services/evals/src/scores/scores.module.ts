import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { SuitesModule } from '../suites/suites.module.js';
import { Comparisons } from './comparisons.js';
import { Rescoring } from './rescoring.js';
import { ScoreWriter } from './score-writer.js';
import { ScoresController } from './scores.controller.js';

/** What runs say about models: scores, comparisons, the leaderboard, and what routing is told. */
@Module({
  imports: [LiveFleetModule, SuitesModule],
  controllers: [ScoresController],
  providers: [Comparisons, Rescoring, ScoreWriter],
  exports: [Rescoring, ScoreWriter],
})
export class ScoresModule {}
