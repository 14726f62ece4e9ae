import { type RequestedEvent, REQUESTED_TYPES } from '@abland/domain';
import {
  type EventStore,
  joined,
  type Position,
  type RecordedEvent,
  systemTiming,
  within,
} from '@abland/kernel';
import { ApiError } from '../../errors/api-error.js';

/** An event of the log that the read models may not have: a request begins, or it is on its way from now on. */
export interface UnseenEvent {
  readonly position: Position;
  readonly type: string;
  readonly data: RequestedEvent['data'] | { readonly commandId: string };
}

/** The making of a token takes nothing, and carries personal texts. */
const TYPES = [
  ...REQUESTED_TYPES.filter((type) => type !== 'TokenCreationRequested'),
  ...['RequestSubmitted', 'RelayAuthorized'],
];
/** Events kept at once: seconds' worth of a busy system, whose read models are behind by much less. */
const KEPT_MAX = 10_000;
/** Milliseconds for which what the read models have is kept: others that ask now may have read them a moment ago. */
const KEPT_MS = 2_000;
const READ_WITHIN_MS = 5_000;

/**
 * The end of the log as far as the read models may lack it, whichever process wrote it. It is read when somebody asks, by all
 * who ask at once together, and each event once; what a question costs does not grow with how many came before.
 */
export class UnseenRequests {
  private kept: UnseenEvent[] = [];
  /** What is kept is all between these two. */
  private from: Position = 0n;
  private to: Position = 0n;
  private askedAt = -Infinity;
  private turnedAt = -Infinity;
  private seenAtTurn: Position = 0n;
  private readonly readOn = joined(() =>
    within(READ_WITHIN_MS, 'reading the end of the log', this.readToEnd()),
  );

  constructor(private readonly log: EventStore) {}

  /**
   * All that the log has by now after a position that the read models were at; null where that was too long ago: they must be
   * read again.
   * @throws ApiError SERVICE_UNAVAILABLE where the read models are too far behind
   */
  async after(seen: Position): Promise<readonly UnseenEvent[] | null> {
    this.forget(seen);
    await this.readOn();
    if (seen < this.from) return null;
    if (this.kept.length < KEPT_MAX) return this.kept.filter(({ position }) => position > seen);
    throw new ApiError('SERVICE_UNAVAILABLE', 'The read models are too far behind to judge a command by');
  }

  private forget(seen: Position): void {
    const now = systemTiming.now();
    if (now - this.askedAt > KEPT_MS && seen > this.to)
      [this.kept, this.from, this.to, this.seenAtTurn] = [[], seen, seen, seen];
    this.askedAt = now;
    if (now - this.turnedAt < KEPT_MS) return;
    if (this.seenAtTurn > this.from) {
      this.from = this.seenAtTurn;
      this.kept = this.kept.filter(({ position }) => position > this.from);
    }
    [this.turnedAt, this.seenAtTurn] = [now, seen];
  }

  private async readToEnd(): Promise<void> {
    const { log, to: after } = this;
    const until = await log.head();
    const maxCount = KEPT_MAX - this.kept.length;
    if (until === null || until <= after || maxCount <= 0) return;
    const found: UnseenEvent[] = [];
    for await (const page of log.readAll({ after, until, filter: { types: TYPES }, maxCount }))
      found.push(...page.map(unseenEvent));
    if (this.to !== after) return; // forgotten meanwhile
    this.kept.push(...found);
    this.to = found.length < maxCount ? until : (found.at(-1)?.position ?? until);
  }
}

const unseenEvent = ({ position, type, data }: RecordedEvent): UnseenEvent => ({
  ...{ position, type },
  data: data as unknown as UnseenEvent['data'],
});
