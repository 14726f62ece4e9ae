import type { DomainEvent } from '@abland/kernel';
import type { Count, Uuid } from '../vocabulary/values.js';

/** What a projection's live tables were after an event of the log: whoever replays the log up to it by the same definition gets the same. */
export type StateChecksumsRecorded = DomainEvent<
  'StateChecksumsRecorded',
  {
    readonly projection: string;
    /** SHA-256 in hexadecimal of the projection's tables, and of its version. */
    readonly definition: string;
    readonly version: Count;
    /** Number of the build whose tables these are. */
    readonly build: Count;
    /** The last event that is in them. */
    readonly after: {
      readonly id: Uuid;
      readonly stream: string;
      /** Decimal text. */
      readonly revision: string;
      /** Decimal text: of the store that the log lay in. In a copy the event has another one. */
      readonly position: string;
    };
    /** SHA-256 in hexadecimal over the checksums of the tables, by name. */
    readonly checksum: string;
    /** By name. */
    readonly tables: readonly {
      readonly table: string;
      readonly rows: Count;
      /** SHA-256 in hexadecimal over the rows as text in the order of their keys. */
      readonly checksum: string;
    }[];
  }
>;

/** The newest schema version of each. */
export const STATE_CHECKSUM_VERSIONS = {
  StateChecksumsRecorded: 1,
} as const satisfies Record<StateChecksumsRecorded['type'], number>;

const PREFIX = 'state-checksums-';

/** What was recorded of a projection. */
export const stateChecksumsStream = (projection: string): string => `${PREFIX}${projection}`;
