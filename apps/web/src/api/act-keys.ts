import { newActKey } from './act-key.js';
import type { Told } from './errors.js';

/** An act of which it is not known whether it was done. */
interface Unanswered {
  readonly key: string;
  readonly reason: string;
}

/** Refusals after which an act may have been done all the same: they are as good as no answer. */
const SAYS_NOTHING: ReadonlySet<string | null> = new Set([
  null,
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]);

/** Names acts, so that one that is sent again because its answer was lost is done once, also where it was asked for anew meanwhile. */
export class ActKeys {
  /** By what is done to what. */
  private readonly unanswered = new Map<string, Unanswered>();

  /** With which reason an act was sent whose answer was lost; null where none was. */
  reasonOf(intent: string): string | null {
    return this.unanswered.get(intent)?.reason ?? null;
  }

  /**
   * Sends an act under the key that it was sent under before, where the answer to that was lost and it is the same one; under a new one
   * where it was answered, be it by a refusal, or is another by its reason.
   * @param intent what is done to what
   * @param send null: it is done
   */
  async send(
    intent: string,
    reason: string,
    send: (key: string) => Promise<Told | null>,
  ): Promise<Told | null> {
    const before = this.unanswered.get(intent);
    const key = before?.reason === reason ? before.key : newActKey();
    this.unanswered.set(intent, { key, reason });
    const told = await send(key);
    const isAnswered = told === null || !SAYS_NOTHING.has(told.code);
    if (isAnswered && this.unanswered.get(intent)?.key === key) this.unanswered.delete(intent);
    return told;
  }
}

/** Of this page. */
export const actKeys = new ActKeys();
