import { ScoresSchema, type Score, type Scores } from '@boocontrol/contracts';
import { LiveFleet } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { Route } from '../http/route.js';
import { ScoreBook } from './score-book.js';

@Controller('api/routing')
export class ScoresController {
  constructor(
    @Inject(ScoreBook) private readonly book: ScoreBook,
    @Inject(LiveFleet) private readonly live: LiveFleet,
  ) {}

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
    const hosts = this.live.state?.hosts ?? {};
    const now = ({ providerId, model }: Score) => {
      if (providerId === undefined) return {};
      const host = hosts[providerId];
      const there = host?.models.find(({ id }) => id === model);
      return { healthy: host?.liveness?.state === 'connected', loaded: there?.state === 'ready' };
    };
    return { scores: this.book.now.list().map((score) => ({ ...score, ...now(score) })) };
  }
}
