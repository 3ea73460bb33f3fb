import { ScoresSchema, type Scores } from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Route } from '../http/route.js';
import { ScoreBook } from './score-book.js';

@Controller('api/routing')
export class ScoresController {
  constructor(@Inject(ScoreBook) private readonly book: ScoreBook) {}

  @Route({
    method: 'get',
    path: 'scores',
    tag: 'routing',
    summary: 'How good models are, as measured',
    description: 'What KV `scores` has. Models without an entry are guessed at by their names.',
    status: 200,
    response: ScoresSchema,
    responseDescription: 'By category, the overall ones first, then by model',
    errors: [],
  })
  list(): Scores {
    return { scores: this.book.now.list() };
  }
}
