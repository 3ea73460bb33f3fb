import { LiveFleetModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { ScoreBook } from './score-book.js';
import { ScoresController } from './scores.controller.js';

/** How good models are, as others have measured. */
@Module({
  imports: [LiveFleetModule],
  controllers: [ScoresController],
  providers: [ScoreBook],
  exports: [ScoreBook],
})
export class ScoresModule {}
