import { ProvenLog } from '@abland/audit';
import type { TreeHead } from '@abland/audit-verify';
import { asPrograms } from '@abland/event-codec';
import { AblandError, type EventStore, type Position } from '@abland/kernel';
import {
  isOfThisVersion,
  type RecordedState,
  replayedStates,
  replayReadModels,
  type ReplayReadModelsOptions,
  type StateChecksums,
  statesRecorded,
} from '@abland/projections';
import { randomBytes } from 'node:crypto';
import { escapeIdentifier, type Pool } from 'pg';

export interface ProvenReplayOptions extends Pick<ReplayReadModelsOptions, 'pool' | 'logger' | 'clock'> {
  /** As it is stored. */
  readonly log: EventStore;
  /** Of a checkpoint that is trusted. */
  readonly head: TreeHead;
  /** The last event that counts. */
  readonly until: Position;
  /** The schema that the tables stay in; null: they are dropped once they were compared. */
  readonly into: string | null;
  readonly onProgress?: (position: Position) => void;
  readonly signal?: AbortSignal;
}

/** How a projection's tables as they were replayed are beside what was recorded of them. */
export interface ComparedState {
  readonly projection: string;
  /** After which event; as the log lies now. */
  readonly position: Position;
  readonly recorded: Pick<RecordedState, 'data' | 'recordedAt'>;
  /** OTHER_DEFINITION: this version of the program would write other tables, so that nothing follows of it. */
  readonly outcome: 'EQUAL' | 'DIFFERS' | 'OTHER_DEFINITION';
  /** Those that differ. */
  readonly tables: readonly string[];
}

export interface ProvenReplay {
  /** Events that were read, and proved. */
  readonly events: number;
  /** What the tables are at the end. */
  readonly states: readonly Pick<StateChecksums, 'projection' | 'checksum' | 'tables'>[];
  /** With the newest that was recorded of each projection until then. */
  readonly compared: readonly ComparedState[];
}

/** What is recorded names an event that the log has not, or another one. */
export class RecordedElsewhereError extends AblandError {
  readonly code = 'RECORDED_OF_ANOTHER_LOG';
}

/**
 * Builds the read models as they were from what a checkpoint was signed of alone, and compares them with what was recorded of them. The
 * tables of a state that was recorded at an earlier event are built for themselves, and dropped.
 * @throws LogRewrittenError, CheckpointTooOldError, ProofError, SchemaTakenError; then nothing is left
 */
export async function provenReplay(options: ProvenReplayOptions): Promise<ProvenReplay> {
  const { into, log, pool, until } = options;
  const programs = asPrograms(log);
  const found = await placed(programs, options);
  const recorded = found.filter(({ data }) => isOfThisVersion(data));
  const compared: ComparedState[] = found.filter(({ data }) => !isOfThisVersion(data)).map(ofOtherVersion);
  for (const [position, states] of byPosition(recorded))
    if (position !== until) {
      const names = states.map(({ data }) => data.projection);
      await inSchema(pool, null, async (schema) => {
        await replayProven(options, position, schema, names);
        compared.push(...compare(position, states, await replayedStates(pool, schema, names)));
      });
    }
  return inSchema(pool, into, async (schema) => {
    const events = await replayProven(options, until, schema);
    const states = await replayedStates(pool, schema);
    const atTheEnd = recorded.filter(({ position }) => position === until);
    compared.push(...compare(until, atTheEnd, states));
    compared.sort((one, other) => (one.projection < other.projection ? -1 : 1));
    return { events, states, compared };
  });
}

type Placed = RecordedState & { readonly position: Position };

/** What was recorded of states until then by this definition or another, with where their events are in this store; all of it proved. */
async function placed(
  programs: EventStore,
  { head, log, pool, until }: ProvenReplayOptions,
): Promise<readonly Placed[]> {
  const proven = new ProvenLog({ pool, log, head });
  const found: Placed[] = [];
  const states = await statesRecorded(programs, ({ position }) => position <= until);
  for (const recorded of states) {
    const { id, revision, stream } = recorded.data.after;
    const one = { from: BigInt(revision), maxCount: 1 } as const;
    await proven.requireEvent(
      await only(log.readStream(recorded.stream, { ...one, from: recorded.revision })),
    );
    const event = await only(log.readStream(stream, one));
    if (event.id !== id)
      throw new RecordedElsewhereError('A state was recorded after an event that this log has not', {
        projection: recorded.data.projection,
        eventId: id,
      });
    found.push({ ...recorded, position: event.position });
  }
  return found;
}

async function only(pages: ReturnType<EventStore['readStream']>) {
  for await (const [event] of pages) if (event !== undefined) return event;
  throw new RecordedElsewhereError('A state was recorded after an event that this log has not');
}

const byPosition = (states: readonly Placed[]): ReadonlyMap<Position, readonly Placed[]> =>
  Map.groupBy(states, ({ position }) => position);

/** @returns how many events were read */
async function replayProven(
  { head, log, ...options }: ProvenReplayOptions,
  until: Position,
  into: string,
  projections?: readonly string[],
): Promise<number> {
  const proven = new ProvenLog({ pool: options.pool, log, head });
  const { clock, logger, onProgress, pool, signal } = options;
  await replayReadModels({
    ...{ pool, logger, clock, until, into, store: asPrograms(proven.asStore()) },
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
    ...(projections === undefined ? {} : { projections }),
  });
  await proven.prove();
  return proven.size;
}

function compare(
  position: Position,
  recorded: readonly Placed[],
  replayed: ProvenReplay['states'],
): readonly ComparedState[] {
  return recorded.map(({ data, recordedAt }) => {
    const own = replayed.find(({ projection }) => projection === data.projection);
    const tables = data.tables
      .filter(({ checksum, table }) => own?.tables.find((one) => one.table === table)?.checksum !== checksum)
      .map(({ table }) => table);
    const outcome = own?.checksum === data.checksum ? 'EQUAL' : 'DIFFERS';
    return { projection: data.projection, position, recorded: { data, recordedAt }, outcome, tables };
  });
}

const ofOtherVersion = ({ data, position, recordedAt }: Placed): ComparedState => ({
  ...{ projection: data.projection, position, recorded: { data, recordedAt } },
  ...{ outcome: 'OTHER_DEFINITION', tables: [] },
});

/** In a schema that is dropped afterwards, or in the one that is named, which stays unless the work fails. */
async function inSchema<Result>(
  pool: Pool,
  into: string | null,
  work: (schema: string) => Promise<Result>,
): Promise<Result> {
  const schema = into ?? `audit_replay_${randomBytes(6).toString('hex')}`;
  const drop = (): Promise<unknown> =>
    pool.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`);
  let made = false;
  try {
    const result = await work(schema);
    made = true;
    return result;
  } catch (error) {
    // What was there before is somebody's.
    if (!isTaken(error)) await drop();
    throw error;
  } finally {
    if (made && into === null) await drop();
  }
}

const isTaken = (error: unknown): boolean => error instanceof AblandError && error.code === 'SCHEMA_TAKEN';
