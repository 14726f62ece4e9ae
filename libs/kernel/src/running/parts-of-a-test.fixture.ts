import { AblandError, type FailureClass } from '../failures/abland-error.js';
import { settle } from '../time/fake-timing.fixture.js';
import type { Lead, PartRun } from './part.js';

class LostError extends AblandError {
  readonly code = 'LOST';
  override readonly failureClass: FailureClass = 'LATER';
}

/** What a test does in the runs of a part: each waits until the test ends it, or for its signal. */
export class TestPart {
  readonly runs: PartRun[] = [];
  private readonly ends: PromiseWithResolvers<void>[] = [];
  /** Whether a run ends with its signal, as it should. */
  heedsSignal = true;

  run = (run: PartRun): Promise<void> => {
    const end = Promise.withResolvers<void>();
    this.runs.push(run);
    this.ends.push(end);
    run.signal.addEventListener('abort', () => this.heedsSignal && end.resolve(), { once: true });
    return end.promise;
  };
  async fail(error: unknown): Promise<void> {
    this.ends.at(-1)?.reject(error);
    await settle();
  }
  async finish(): Promise<void> {
    this.ends.at(-1)?.resolve();
    await settle();
  }
  progress(): void {
    this.runs.at(-1)?.progress();
  }
}

/** Leads that the test gives and takes. */
export class TestLead {
  free = true;
  /** Instead of an answer. */
  refusal: Error | null = null;
  released = 0;
  asked = 0;
  private lost = new AbortController();

  take = (): Promise<Lead | null> => {
    this.asked += 1;
    if (this.refusal !== null) return Promise.reject(this.refusal);
    if (!this.free) return Promise.resolve(null);
    this.lost = new AbortController();
    return Promise.resolve({
      lost: this.lost.signal,
      release: () => {
        this.released += 1;
        return Promise.resolve();
      },
    });
  };
  lose(): void {
    this.free = false;
    this.lost.abort(new LostError('lost'));
  }
}
