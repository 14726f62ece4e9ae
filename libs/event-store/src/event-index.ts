import { type Position, type Revision, silentLogger } from '@abland/kernel';
import { type EventStoreDBClient, FORWARDS } from '@eventstore/db-client';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { connect } from './eventstoredb/connect.js';
import { isNoSuchPosition, toStoreError } from './eventstoredb/eventstoredb-errors.js';
import { decodeEvent } from './eventstoredb/event-messages.js';
import { type EventStoreAt, eventStoreKind } from './open-event-store.js';

/** Where an event is in its stream, which every store reads at once. */
export interface StreamPlace {
  readonly stream: string;
  readonly revision: Revision;
}

/** The direct ways from what names an event to its place. Null: there is no such event. */
export interface EventIndex {
  placeAt(position: Position): Promise<StreamPlace | null>;
  /** Absent where the store keeps no index of ids. */
  placeOf?(id: string): Promise<StreamPlace | null>;
  close(): Promise<void>;
}

/** @throws UnknownEventStoreError */
export function openEventIndex(at: EventStoreAt): EventIndex {
  const { connectionString, pool } = typeof at === 'string' ? { connectionString: at } : at;
  return eventStoreKind(connectionString) === 'postgres'
    ? new PostgresEventIndex(pool ?? ownPool(connectionString), pool === undefined)
    : new EventStoreDbIndex(connectionString);
}

const ownPool = (connectionString: string): pg.Pool =>
  openPool({ connectionString, name: 'events', max: 1, logger: silentLogger }); // the next query tells

class PostgresEventIndex implements EventIndex {
  constructor(
    private readonly pool: pg.Pool,
    private readonly isOwn: boolean,
  ) {}

  placeAt(position: Position): Promise<StreamPlace | null> {
    // Beyond what the column holds there is nothing.
    if (position >= 2n ** 63n) return Promise.resolve(null);
    return this.find('position = $1', position.toString());
  }

  placeOf(id: string): Promise<StreamPlace | null> {
    return this.find('event_id = $1', id);
  }

  close(): Promise<void> {
    return this.isOwn ? this.pool.end() : Promise.resolve();
  }

  private async find(condition: string, value: string): Promise<StreamPlace | null> {
    const { rows } = await this.pool.query<{ stream: string; revision: string }>(
      `SELECT stream, revision FROM event_store.events WHERE ${condition} LIMIT 1`,
      [value],
    );
    return rows[0] === undefined ? null : { stream: rows[0].stream, revision: BigInt(rows[0].revision) };
  }
}

class EventStoreDbIndex implements EventIndex {
  private readonly client: EventStoreDBClient;

  constructor(connectionString: string) {
    this.client = connect(connectionString);
  }

  /** The server reads from a position on, the event there included; a position of no event fails the read. */
  async placeAt(position: Position): Promise<StreamPlace | null> {
    try {
      const fromPosition = { commit: position, prepare: position };
      const read = this.client.readAll({ direction: FORWARDS, fromPosition, maxCount: 1 });
      let place: StreamPlace | null = null;
      for await (const resolved of read) {
        const event = decodeEvent(resolved as never);
        if (event?.position === position) place = { stream: event.stream, revision: event.revision };
      }
      return place;
    } catch (error) {
      const known = toStoreError(error, 'reading an event');
      if (isNoSuchPosition(known)) return null;
      throw known;
    }
  }

  close(): Promise<void> {
    return this.client.dispose();
  }
}
