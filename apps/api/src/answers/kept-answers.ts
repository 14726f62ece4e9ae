/** An answer as it was sent. */
export interface KeptAnswer {
  readonly body: string;
  readonly contentType: string;
  /** What was asked, for the log and the metrics. */
  readonly operation: string;
  readonly keptAt: number;
}

export interface KeepingLimits {
  /** Characters of all bodies. */
  readonly sizeMax: number;
  readonly ageMsMax: number;
}

/**
 * Answers of one state of the read models: with the next, all are forgotten. What an answer tells of the last 24 hours goes on with the
 * clock, so none is kept for long.
 */
export class KeptAnswers {
  private digest: string | null = null;
  private size = 0;
  private readonly answers = new Map<string, KeptAnswer>();

  constructor(
    private readonly limits: KeepingLimits,
    private readonly now: () => number,
  ) {}

  /** @param digest of the newest state that is known */
  of(digest: string, key: string): KeptAnswer | undefined {
    this.turnTo(digest);
    const found = this.answers.get(key);
    if (found === undefined || this.now() - found.keptAt < this.limits.ageMsMax) return found;
    this.drop(key, found);
    return undefined;
  }

  /** What is of a state that is over is not kept: who asks by now is told of a later one. */
  keep(digest: string, key: string, answer: KeptAnswer): void {
    if (digest !== this.digest || answer.body.length > this.limits.sizeMax) return;
    const before = this.answers.get(key);
    if (before !== undefined) this.drop(key, before);
    this.answers.set(key, answer);
    this.size += answer.body.length;
    for (const [oldest, found] of this.answers) {
      if (this.size <= this.limits.sizeMax) return;
      this.drop(oldest, found);
    }
  }

  private turnTo(digest: string): void {
    if (digest === this.digest) return;
    this.digest = digest;
    this.answers.clear();
    this.size = 0;
  }

  private drop(key: string, answer: KeptAnswer): void {
    this.answers.delete(key);
    this.size -= answer.body.length;
  }
}
