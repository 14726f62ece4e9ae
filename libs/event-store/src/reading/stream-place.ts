import type { Position, Revision } from '@abland/kernel';

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
