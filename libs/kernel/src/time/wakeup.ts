/**
 * One waiter's "there may be something new": a wake-up that comes while nobody waits is kept, so that none is lost between
 * looking and waiting.
 */
export class Wakeup {
  private pending = false;
  private release: (() => void) | null = null;

  wake(): void {
    this.pending = true;
    this.release?.();
  }

  /** Returns at the next wake-up, after a pause in milliseconds, or when the signal aborts, whichever comes first. */
  async wait(pauseMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.pending && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          this.release = null;
          resolve();
        };
        const timer = setTimeout(done, pauseMs);
        signal?.addEventListener('abort', done, { once: true });
        this.release = done;
      });
    }
    this.pending = false;
  }
}
