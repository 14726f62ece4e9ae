import { formatVerifierKey } from '@abland/audit-verify';
import { codeOf, GrowingPause, mayPass, type PauseRange, type Timing } from '@abland/kernel';
import { postgresFailureClassOf } from '@abland/postgres';
import type pg from 'pg';
import { WitnessAheadError, WitnessAwayError } from '../failures/witness-errors.js';
import { proveConsistency } from '../reading/consistency.js';
import { askWitness, type WitnessAt } from './witness-client.js';

/** What a witness is asked to cosign. */
export interface Candidate {
  readonly size: number;
  /** A note, signed by the log. */
  readonly checkpoint: string;
}

/** Once to learn what it has, once more with that. */
const CALLS_MAX = 2;

export interface WitnessOptions {
  /** Of the tree. */
  readonly pool: pg.Pool;
  readonly timing: Timing;
  /** Milliseconds that it may take for an answer. */
  readonly answerWithinMs: number;
  /** Between two calls of one that is away. */
  readonly awayMs: PauseRange;
  /** Between two calls of one whose answers are wrong, until a person sees to it. */
  readonly refusedMs: PauseRange;
}

/** One of the witnesses as this program knows it. */
export class Witness {
  readonly keyText: string;
  private readonly pauses;
  private dueAt = -Infinity;
  private told: string | null = null;

  /** @param knownSize of the tree that it cosigned last; null where that is not known */
  constructor(
    private readonly at: WitnessAt,
    private knownSize: number | null,
    private readonly options: WitnessOptions,
  ) {
    this.keyText = formatVerifierKey(at.key);
    const { awayMs, refusedMs, timing } = options;
    this.pauses = { away: new GrowingPause(awayMs, timing), refused: new GrowingPause(refusedMs, timing) };
  }

  get name(): string {
    return this.at.key.name;
  }

  /** Code of what it failed of last, or what it cosigned could not be kept for; null since that was kept. */
  get failure(): string | null {
    return this.told;
  }

  get isDue(): boolean {
    return this.options.timing.now() >= this.dueAt;
  }

  /**
   * Has it cosign. What cannot be kept is as good as not signed: it is not asked for again at once.
   * @param keep its signature line
   * @param treeSize of our tree by now
   * @returns what keeping it did
   * @throws WitnessAwayError, WitnessRefusedError, WitnessAnswerError, WitnessAheadError; what `keep` throws
   */
  async cosign<Kept>(
    candidate: Candidate,
    treeSize: number,
    keep: (line: string) => Promise<Kept>,
    signal: AbortSignal,
  ): Promise<Kept> {
    try {
      const kept = await keep(await this.answered(candidate, treeSize, signal));
      this.told = null;
      this.pauses.away.reset();
      this.pauses.refused.reset();
      return kept;
    } catch (error) {
      this.told = codeOf(error);
      const pause = mayPass(postgresFailureClassOf(error)) ? this.pauses.away : this.pauses.refused;
      this.dueAt = this.options.timing.now() + pause.take();
      throw error;
    }
  }

  private async answered(
    { checkpoint, size }: Candidate,
    treeSize: number,
    signal: AbortSignal,
  ): Promise<string> {
    for (let calls = 0; calls < CALLS_MAX; calls += 1) {
      const oldSize = this.knownSize ?? 0;
      if (oldSize > size) {
        // It may have been wrong, or set right meanwhile: it is asked anew what it has.
        this.knownSize = null;
        throw new WitnessAheadError(oldSize, size, treeSize);
      }
      const proof = await proveConsistency(this.options.pool, oldSize, size);
      const limits = { answerWithinMs: this.options.answerWithinMs, signal };
      const answer = await askWitness(this.at, { oldSize, proof, checkpoint }, limits);
      this.knownSize = 'line' in answer ? size : answer.knownSize;
      if ('line' in answer) return answer.line;
    }
    throw new WitnessAwayError('The witness cosigns for another one who asks it at once', { size });
  }
}
