import { Wakeup } from '@abland/kernel';

/** A loop that waits comes round so often. */
const WAITING_TURN_MS = 1_000;

/**
 * Whether the state of a process has all that the log had when it was read last. What a process does beside its fold, by the clock or by
 * itself, it does then alone: a state that is behind does not know what was done since, by whomever.
 */
export class Level {
  private isSo = false;
  private readonly waiting = new Set<Wakeup>();

  /** A part of the log is about to be followed, or was: to its end, or not. */
  set(isSo: boolean): void {
    this.isSo = isSo;
    if (isSo) for (const wakeup of this.waiting) wakeup.wake();
  }

  /** Returns where it is so, or at the abort. @param onTurn called again and again until then */
  async reached(signal: AbortSignal, onTurn: () => void): Promise<void> {
    const wakeup = new Wakeup();
    this.waiting.add(wakeup);
    try {
      while (!this.isSo && !signal.aborted) {
        onTurn();
        await wakeup.wait(WAITING_TURN_MS, signal);
      }
    } finally {
      this.waiting.delete(wakeup);
    }
  }
}
