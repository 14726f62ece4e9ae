import type { EventMetadata, RecordedEvent } from '@abland/kernel';

/** In the order of EVENT_COLUMNS; node-postgres builds arrays faster than objects. */
export type EventRow = readonly [
  position: string,
  revision: string,
  recordedAt: string,
  id: string,
  version: number,
  stream: string,
  type: string,
  data: string,
  metadata: string,
];

export const EVENT_COLUMNS =
  'position, revision, recorded_at, event_id, version, stream, type, data, metadata';

/** Turns rows into events. Events of one commit share their time, so that its text is converted once. */
export class EventDecoder {
  private stored = '';
  private recordedAt = '';

  decode(rows: readonly EventRow[]): RecordedEvent[] {
    return rows.map((row) => this.event(row));
  }

  private event(row: EventRow): RecordedEvent {
    if (row[2] !== this.stored) {
      this.stored = row[2];
      this.recordedAt = new Date(row[2]).toISOString();
    }
    return {
      id: row[3],
      type: row[6],
      version: row[4],
      data: JSON.parse(row[7]) as RecordedEvent['data'],
      metadata: JSON.parse(row[8]) as EventMetadata,
      stream: row[5],
      revision: BigInt(row[1]),
      position: BigInt(row[0]),
      recordedAt: this.recordedAt,
    };
  }
}

/** Columns come as PostgreSQL's text, but for the version: the decoder converts each once, to what it becomes. */
export const rowTypes = {
  getTypeParser: (oid: number): ((value: string) => unknown) => (oid === INT4 ? Number : asIs),
};
const INT4 = 23;
const asIs = (value: string): string => value;
