import { createStore } from '../browser/store.js';

/** What came while nothing was heard. */
export interface Missed {
  readonly seconds: number;
  /** Positions of the log: after the first, up to the second. */
  readonly from: bigint;
  readonly to: bigint;
}

export type Connection =
  | { readonly status: 'connecting' }
  | { readonly status: 'live'; readonly missed: Missed | null }
  | { readonly status: 'lost'; readonly since: number };

export const connection = createStore<Connection>({ status: 'connecting' });

let lastHead: bigint | null = null;
let lost: { readonly since: number; readonly head: bigint | null } | null = null;

/** The socket is gone, or says nothing: what is shown is of then. */
export function connectionLost(now: number): void {
  if (lost !== null) return;
  lost = { since: now, head: lastHead };
  connection.set({ status: 'lost', since: now });
}

/** The server told how it is: so it is heard, and what came meanwhile is known. */
export function connectionHeard(head: bigint | null, now: number): void {
  const before = connection.get();
  if (before.status !== 'live') connection.set({ status: 'live', missed: missedSince(head, now) });
  lost = null;
  lastHead = head;
}

export function dismissMissed(): void {
  const now = connection.get();
  if (now.status === 'live') connection.set({ ...now, missed: null });
}

function missedSince(head: bigint | null, now: number): Missed | null {
  if (lost === null) return null;
  return { seconds: Math.round((now - lost.since) / 1000), from: lost.head ?? 0n, to: head ?? 0n };
}
