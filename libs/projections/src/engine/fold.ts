import type { AnyEvent } from '@abland/domain';
import type { Logger, RecordedEvent } from '@abland/kernel';
import { blockOf, chainIdOf } from './chain-facts.js';
import { type Concerned, type Dispatch, isHandled } from './dispatch.js';
import { AmountBelowZeroError, FinalBlocksRevertedError } from './errors.js';
import { finalFor } from './final-reverts.js';
import { finalWithin } from './final-within.js';
import type { BlockPlace } from './journal.js';
import type { KnownAhead } from './known-ahead.js';
import { parkedEvent } from './park.js';
import type { ProjectionRun } from './projection-run.js';
import type { EventHandler, RowReference } from './projection.js';
import { RowNotLoaded } from './row-set.js';
import type { Precedence } from './precedence.js';
import { sliced } from './slice.js';
import { noteViolations } from './violations.js';

/** What folding needs of the database, seldom enough to be waited for. */
export interface Fetching {
  load(run: ProjectionRun, references: readonly RowReference[]): Promise<void>;
  /** Brings back the rows that blocks from `fromNumber` on changed as they were before; what was changed since is written first. */
  takeBack(run: ProjectionRun, event: RecordedEvent, fromNumber: number): Promise<void>;
}

export interface FoldContext {
  readonly logger: Logger;
  readonly fetching: Fetching;
  /** Absent where the log is followed as it grows. */
  readonly ahead: KnownAhead | null;
  /** Milliseconds since the epoch: what happened before, and nothing takes back, leaves nothing in the journal. */
  readonly journalSince: number;
  /** Of what goes before it in this program; absent: nothing does. */
  readonly precedence?: Precedence | undefined;
}

interface Folding extends FoldContext {
  /** By stream of a chain, the newest block that the events themselves tell as final. */
  readonly final: ReadonlyMap<string, number>;
}

/**
 * Folds events into the runs' rows in memory, in order; waits only where a row must be fetched, blocks are taken back, or others of this
 * program have waited for a slice.
 */
export async function foldEvents(
  context: FoldContext,
  dispatch: Dispatch,
  events: readonly RecordedEvent[],
): Promise<void> {
  const folding: Folding = { ...context, final: finalWithin(events) };
  const slices = sliced(context.precedence);
  for (const event of events) {
    if (slices.over) await slices.next();
    const concerned = dispatch.of(event.type);
    if (concerned.length === 0) continue;
    if (event.type === 'BlocksReverted') await takeBack(folding, concerned, event);
    const waiting = handleEvent(folding, concerned, event);
    if (waiting !== null) await waiting;
  }
}

/** Only where a row must be fetched first is there something to wait for. */
function handleEvent(
  context: Folding,
  concerned: readonly Concerned[],
  event: RecordedEvent,
): Promise<void> | null {
  const place = blockIn(event);
  if (isLeftOut(context, place, event)) return null;
  for (let index = 0; index < concerned.length; index += 1) {
    const { handler, run } = concerned[index] as Concerned;
    if (isHandled(run, event)) continue;
    const missing = handler === undefined ? null : apply(context, run, handler, event, place);
    if (missing !== null) return fetchAndGoOn(context, concerned.slice(index), event, missing);
    if (event.type === 'BlocksFinalized') finalize(context, run, event);
  }
  return null;
}

async function fetchAndGoOn(
  context: Folding,
  concerned: readonly Concerned[],
  event: RecordedEvent,
  missing: readonly RowReference[],
): Promise<void> {
  const [first] = concerned;
  if (first !== undefined) await context.fetching.load(first.run, missing);
  await handleEvent(context, concerned, event);
}

/** The block of an event, or why there is none to be had. */
type Place = { readonly block: BlockPlace | null } | { readonly error: unknown };

function blockIn(event: RecordedEvent): Place {
  try {
    return { block: blockOf(event) };
  } catch (error) {
    return { error };
  }
}

function isLeftOut(context: Folding, place: Place, event: RecordedEvent): boolean {
  const { ahead } = context;
  if (ahead === null || !('block' in place) || place.block === null) return false;
  return ahead.isLeftOut(place.block, event.position, isLongAgo(context, event));
}

/** Nobody reads the states before it. */
const isLongAgo = ({ journalSince }: Folding, { metadata }: RecordedEvent): boolean =>
  (metadata.chain?.blockTime ?? Infinity) * 1_000 < journalSince;

/** Returns the rows that must be fetched before the event can be handled; null where it is done with. */
function apply(
  context: Folding,
  run: ProjectionRun,
  handler: EventHandler<RecordedEvent>,
  event: RecordedEvent,
  place: Place,
): readonly RowReference[] | null {
  if (run.skipped.size > 0 && run.skipped.has(event.id)) return null;
  try {
    if ('error' in place) throw place.error;
    const { block } = place;
    run.rows.begin(block === null ? 'log' : 'chain');
    handler.apply(event, run.rows);
    if (!run.rows.hasChanged) return null;
    if (block !== null && isOld(context, run, block, event)) {
      run.rows.keep();
      run.keptFrom.letGo(block.chainId, event.position);
    } else run.journal.record(event, block, run.rows.commit());
  } catch (error) {
    run.rows.rollback();
    if (error instanceof RowNotLoaded) return error.references;
    leaveOut(context, run, event, error);
  }
  return null;
}

/** Nothing takes it back any more, and nobody reads the state before it. */
function isOld(context: Folding, run: ProjectionRun, block: BlockPlace, event: RecordedEvent): boolean {
  if (!isLongAgo(context, event)) return false;
  const { chainId, number } = block;
  if (number <= (run.finalized.get(chainId) ?? -1)) return true;
  return (
    context.ahead?.isFinal(block, event.position) === true ||
    number <= finalSoon(context, run, event, chainId)
  );
}

/** As far as the events in hand tell it, and none later is known to take back. */
function finalSoon(
  { ahead, final }: Folding,
  run: ProjectionRun,
  event: RecordedEvent,
  chainId: number,
): number {
  const { position, stream } = event;
  const told = final.get(stream);
  if (told === undefined) return -1;
  const until = (ahead?.lowestTakenBack(chainId, position) ?? Infinity) - 1;
  return Math.min(until, finalFor(run.finalReverts, chainId, told, position));
}

async function takeBack(
  context: Folding,
  concerned: readonly Concerned[],
  event: RecordedEvent,
): Promise<void> {
  const { fromNumber } = event.data as Extract<AnyEvent, { type: 'BlocksReverted' }>['data'];
  const chainId = chainIdOf(event);
  const { ahead } = context;
  const isKnown = ahead !== null && event.position <= ahead.horizon;
  const leftOut = isKnown ? ahead.leftOutBefore(chainId, event.position) : false;
  for (const { run } of concerned) {
    if (isHandled(run, event)) continue;
    // What it takes back was not folded: the states with it cannot be read.
    if (leftOut === true) run.keptFrom.letGo(chainId, event.position);
    if (leftOut !== false && run.startedEmpty) continue;
    if (fromNumber <= (run.finalized.get(chainId) ?? -1)) {
      throw new FinalBlocksRevertedError({ chainId, fromNumber, position: event.position });
    }
    await context.fetching.takeBack(run, event, fromNumber);
  }
}

function finalize({ ahead }: FoldContext, run: ProjectionRun, event: RecordedEvent): void {
  const told = event.data as Extract<AnyEvent, { type: 'BlocksFinalized' }>['data'];
  const chainId = chainIdOf(event);
  const until = (ahead?.lowestTakenBack(chainId, event.position) ?? Infinity) - 1;
  const number = Math.min(until, finalFor(run.finalReverts, chainId, told.number, event.position));
  if (number <= (run.finalized.get(chainId) ?? -1)) return;
  run.finalized.set(chainId, number);
}

function leaveOut(context: Folding, run: ProjectionRun, event: RecordedEvent, error: unknown): void {
  const parked = parkedEvent(event, run.projection.name, error, context.logger);
  run.parked.push(parked);
  if (parked.defect) run.defects += 1;
  if (error instanceof AmountBelowZeroError)
    noteViolations(run, [{ invariant: parked.reason, subject: `event ${event.id}`, offBy: 0n }]);
}
