import { systemTiming, turnOfOthers } from '@abland/kernel';

/** Milliseconds that less urgent work waits at most between two slices: it comes on, however much is urgent. */
const WAIT_MS_MAX = 100;

/** Of work on one thread: what somebody waits for goes first. */
export class Precedence {
  private inHand = 0;
  private over = Promise.withResolvers<void>();

  constructor(private readonly waitMsMax = WAIT_MS_MAX) {}

  /** Does work that others give way to until it has ended, also where it waits. */
  async first<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inHand === 0) this.over = Promise.withResolvers();
    this.inHand += 1;
    try {
      return await work();
    } finally {
      this.inHand -= 1;
      if (this.inHand === 0) this.over.resolve();
    }
  }

  /** Between two slices of work that nobody waits for: resolves when others had a turn and nothing that goes first is in hand. */
  async giveWay(): Promise<void> {
    await turnOfOthers();
    if (this.inHand === 0) return;
    const waited = new AbortController();
    await Promise.race([this.over.promise, systemTiming.pause(this.waitMsMax, waited.signal)]);
    waited.abort();
  }
}
