import { randomUUID } from 'node:crypto';
import {
  differencesOf,
  type Difference,
  type OpenDrift,
  reconciledKey,
  type ReconciliationCommand,
  reconciliationDecider,
  reconciliationStream,
  type OurValues,
  type OurState,
} from '@abland/domain';
import {
  beatingPause,
  type Classify,
  type Clock,
  type EventStore,
  handleCommand,
  type Json,
  loadAggregate,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
  type Timing,
} from '@abland/kernel';
import type { BlockId } from '../asking/call-at-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcUnavailableError } from '../rpc/errors.js';
import { callsOf } from './ask-chain.js';
import { type Agreement, firstDrift } from './first-drift.js';
import { answerOfAny, judge, type Verdict } from './judge.js';
import type { OurSide } from './our-side.js';
import { newProgress, type ProgressBook, readProgress, type ReconciliationProgress } from './progress.js';
import { takeFrom } from './rotation.js';

export interface ReconcilerOptions {
  readonly chainId: number;
  /** Nothing of ours lies below it. */
  readonly startBlock: number;
  /** Stays its owner's to close. */
  readonly rpc: ChainRpc;
  readonly ours: OurSide;
  readonly eventStore: EventStore;
  readonly book: ProgressBook;
  /** What the chain is asked at most, but for the search of a first block, whose calls are saved up for afterwards. */
  readonly callsPerMinute: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose failure it is, of what `ours` and `book` fail with. */
  readonly classify?: Classify;
  readonly timing?: Timing;
}

export interface ReconcilerStatus extends ReconciliationProgress {
  readonly chainId: number;
  /** Milliseconds since something was compared, as far as progress was noted; null before the first time. */
  readonly comparedAgeMs: number | null;
  /** What differs at the moment. */
  readonly open: number;
  /** Since the start: things that providers said different things of, and that nobody answered for. */
  readonly disputed: number;
  readonly unanswered: number;
}

export interface Reconciler extends Supervised {
  /** Null before it has begun. */
  reconciled(): ReconcilerStatus | null;
}

const BATCHES_A_MINUTE = 12;
const BATCH_MAX = 50;
/** Of a block that nobody answers for is asked so often in a row, then the next ones are. */
const TRIES_MAX = 5;
const PROBES_MAX = 40;
const MINUTE_MS = 60_000;
/** The comparing. */
const LOOP = 'rounds';
/** After a block that nobody answers for. */
const PAUSE_MS = { min: 2_000, max: 30_000 };

/**
 * Compares what read models have of a chain with what the chain says of the same block, a few things at a time and all of them in
 * their turn, and tells in the log what differs. Run by one at a time.
 */
export function startReconciler(options: ReconcilerOptions): Reconciler {
  let current: Reconciliation | null = null;
  const run = async (part: PartRun): Promise<void> => {
    current ??= await Reconciliation.begin(options);
    await current.run(part);
  };
  const { callsPerMinute, chainId, classify, logger } = options;
  const pauseMs = { min: Math.min(PAUSE_MS.min, MINUTE_MS / callsPerMinute), max: PAUSE_MS.max };
  const supervised = supervise(
    { name: `reconciliation-${chainId}`, loops: [LOOP], run },
    {
      ...{ logger, pauseMs },
      ...(classify === undefined ? {} : { classify }),
    },
  );
  return { ...supervised, reconciled: () => current?.status() ?? null };
}

class Reconciliation {
  #disputed = 0;
  #unanswered = 0;
  #tries = 0;
  #turn = 0;
  private readonly timing: Timing;

  private constructor(
    private readonly options: ReconcilerOptions,
    private progress: ReconciliationProgress,
    private open: readonly OpenDrift[],
    /** By the timing. */
    private comparedAt: number | null,
  ) {
    this.timing = options.timing ?? systemTiming;
  }

  static async begin(options: ReconcilerOptions): Promise<Reconciliation> {
    const { book, chainId, clock, eventStore, timing = systemTiming } = options;
    const written = await book.read();
    const known = readProgress(written?.progress ?? null);
    const comparedAt = (known?.at ?? null) === null || written === null ? null : timing.now() - written.ageMs;
    const { state } = await loadAggregate(eventStore, reconciliationDecider, reconciliationStream(chainId));
    return new Reconciliation(options, known ?? newProgress(instant(clock)), state.open, comparedAt);
  }

  status(): ReconcilerStatus {
    const { chainId } = this.options;
    const counted = { disputed: this.#disputed, unanswered: this.#unanswered };
    const comparedAgeMs = this.comparedAt === null ? null : this.timing.now() - this.comparedAt;
    return { ...this.progress, ...counted, chainId, open: this.open.length, comparedAgeMs };
  }

  async run({ beat, progress, signal }: PartRun): Promise<void> {
    const { callsPerMinute } = this.options;
    while (!signal.aborted) {
      const calls = await this.#round();
      if (calls > 0) progress();
      const pauseMs = (Math.max(1, calls) * MINUTE_MS) / callsPerMinute;
      await beatingPause(pauseMs, LOOP, { beat, signal }, this.timing);
    }
  }

  /** How many calls it took. @throws RpcUnavailableError where nobody answers for the block: the same is asked again */
  async #round(): Promise<number> {
    const { ours, rpc } = this.options;
    const round = await ours.newest((state) => this.#take(state));
    if (round === null) return 0;
    const { block, next, taken } = round;
    const verdicts = taken.length === 0 ? [] : await judge(rpc, block, taken);
    let calls = taken.reduce((sum, one) => sum + callsOf(one), 0);
    for (const [index, one] of taken.entries()) {
      const verdict = verdicts[index] ?? { kind: 'UNANSWERED' };
      calls += await this.#heed(one, block, verdict);
    }
    const unanswered = verdicts.filter(({ kind }) => kind === 'UNANSWERED').length;
    if (unanswered > 0) this.#goOnOrThrow(block, unanswered);
    this.#tries = 0;
    await this.#advance(next, block, taken.length);
    return calls;
  }

  /** What differs already, half of a batch at most, then the next of both tracks. */
  async #take(state: OurState) {
    const size = batchSize(this.options.callsPerMinute);
    const drifting = shareOf(this.open, this.#turn, Math.ceil(size / 2));
    const left = Math.max(2, size - drifting.length);
    const at = instant(this.options.clock);
    const { HOLDERS, MARKET } = this.progress.tracks;
    const market = await takeFrom(state, 'MARKET', MARKET, Math.ceil(left / 2), at);
    const holders = await takeFrom(state, 'HOLDERS', HOLDERS, left - Math.ceil(left / 2), at);
    const again = await state.each(drifting);
    const known = new Set(drifting.map(reconciledKey));
    const fresh = [...market.taken, ...holders.taken].filter(({ of }) => !known.has(reconciledKey(of)));
    const next = { MARKET: market.track, HOLDERS: holders.track };
    return { block: state.block, taken: [...again, ...fresh], next };
  }

  /** How many calls more it took. */
  async #heed(one: OurValues, block: BlockId, verdict: Verdict): Promise<number> {
    const { logger, rpc } = this.options;
    const askedAgain = callsOf(one) * rpc.status().length;
    switch (verdict.kind) {
      case 'AGREES':
        if (this.#isOpen(one)) await this.#tell({ type: 'TellAgreement', of: one.of, ...this.#at(block) });
        return 0;
      case 'DRIFTS':
        if (!this.#isOpen(one)) return askedAgain + (await this.#found(one, block, verdict.differences));
        return askedAgain;
      case 'DISPUTED':
        this.#disputed += 1;
        logger.warn(
          { ...one.of, block: block.number, ours: one.values, said: verdict.said },
          'Chain providers say different things of the same block',
        );
        return askedAgain;
      case 'UNANSWERED':
        return 0;
    }
  }

  async #found(one: OurValues, block: BlockId, differences: readonly Difference[]): Promise<number> {
    const { logger, startBlock: from } = this.options;
    let probes = 0;
    const probe = (number: number): Promise<Agreement> => {
      probes += 1;
      return this.#agreement(one, number);
    };
    const begin = await firstDrift({ from, found: block.number, probesMax: PROBES_MAX, probe });
    const first = { firstBlock: begin.block, firstBlockExact: begin.exact };
    const drift = { ...one.of, driftId: randomUUID(), differences, ...this.#at(block), ...first };
    await this.#tell({ type: 'TellDrift', drift });
    logger.error(drift, 'Read models differ from the chain');
    return probes;
  }

  async #agreement(one: OurValues, number: number): Promise<Agreement> {
    const { ours, rpc } = this.options;
    const known = await ours.after(one.of, number);
    if (known === null) return 'UNKNOWN';
    // A row that was not there yet is asked for by the names that it has now.
    const names = Object.keys(one.values ?? {});
    const values = known.values ?? Object.fromEntries(names.map((name) => [name, '0']));
    const said = await answerOfAny(rpc, { number, hash: known.hash }, { of: one.of, values });
    if (said === null) return 'UNKNOWN';
    return differencesOf(values, said.values).length === 0 ? 'AGREES' : 'DRIFTS';
  }

  #isOpen({ of }: OurValues): boolean {
    return this.open.some((known) => reconciledKey(known) === reconciledKey(of));
  }

  #at({ hash, number }: BlockId) {
    return { blockNumber: number, blockHash: hash, at: instant(this.options.clock) };
  }

  async #tell(command: ReconciliationCommand): Promise<void> {
    const { chainId, eventStore } = this.options;
    const stream = reconciliationStream(chainId);
    const id = randomUUID();
    await handleCommand(eventStore, reconciliationDecider, stream, command, {
      metadata: { correlationId: id, causationId: null, actor: 'reconciliation' },
      eventId: () => id,
    });
    this.open = (await loadAggregate(eventStore, reconciliationDecider, stream)).state.open;
  }

  #goOnOrThrow({ number }: BlockId, unanswered: number): void {
    this.#tries += 1;
    if (this.#tries < TRIES_MAX)
      throw new RpcUnavailableError(`No provider answers for block ${number}`, { unanswered });
    this.#unanswered += unanswered;
  }

  async #advance(tracks: ReconciliationProgress['tracks'], block: BlockId, compared: number): Promise<void> {
    this.#turn += 1;
    this.progress = {
      tracks,
      compared: this.progress.compared + compared,
      block: block.number,
      at: instant(this.options.clock),
    };
    this.comparedAt = this.timing.now();
    await this.options.book.write(this.progress as unknown as Json);
  }
}

const instant = (clock: Clock): string => new Date(clock()).toISOString();

const batchSize = (callsPerMinute: number): number =>
  Math.min(BATCH_MAX, Math.max(2, Math.floor(callsPerMinute / BATCHES_A_MINUTE)));

/** So many of them, others at each turn. */
function shareOf<One>(all: readonly One[], turn: number, limit: number): readonly One[] {
  if (all.length <= limit) return all;
  const from = (turn * limit) % all.length;
  return [...all.slice(from), ...all.slice(0, from)].slice(0, limit);
}
