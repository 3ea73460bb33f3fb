import type { TestBus } from './bus.js';

/** Stand in for services, until the test is over. */
export class StandIns {
  private readonly responders: { stop: () => void }[] = [];

  constructor(private readonly bus: TestBus) {}

  /** Answers a call from now on; returns what it is asked. What `answer` throws goes back as the refusal. */
  async answering(subject: string, answer: (question: unknown) => unknown): Promise<unknown[]> {
    const asked: unknown[] = [];
    this.responders.push(
      this.bus.answer(subject, (question) => {
        asked.push(question);
        return answer(question);
      }),
    );
    await this.bus.nc.flush();
    return asked;
  }

  stop(): void {
    for (const responder of this.responders.splice(0)) responder.stop();
  }
}
