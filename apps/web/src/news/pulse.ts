import { useEffect, useReducer } from 'react';
import { useClient } from 'urql';
import { ask } from '../api/ask.js';
import { MarketMovesDocument, PulseDocument, type PulseQuery } from '../api/operations.gen.js';
import { createStore, useStore } from '../browser/store.js';

export type Meta = PulseQuery['_meta'];

/** How new what is shown is. */
export interface Pulse {
  /** Null before the first word of the server. */
  readonly meta: Meta | null;
  /** Since when the server is not heard, by this machine's clock; null: it is. */
  readonly lostSince: number | null;
  /** What the newest reorg took back, until it was read. */
  readonly retracted: { readonly fromBlock: number; readonly toBlock: number; readonly count: number } | null;
}

export const pulse = createStore<Pulse>({ meta: null, lostSince: null, retracted: null });

/** Between two questions, where nothing else tells that there is something new. */
const PACE_MS = { seen: 1_500, hidden: 15_000, failed: 3_000 };
/** Where what is told and what is asked for overlap, one question is enough. */
const TOGETHER_MS = 40;
const AGAIN_MS = 1_000;

/** Changes whenever what the server answers of the market may have changed. */
export const useNews = (): string => useStore(pulse).meta?.position ?? '';

/** For what need not be of this very second. */
export const useMinute = (): string => String(Math.floor(serverNow(useStore(pulse).meta) / 60_000));

/** By the newest block, where the chain's time is ahead of the clock. In milliseconds. */
export function serverNow(meta: Meta | null): number {
  const block = meta?.indexedBlockTime;
  return Math.max(Date.now(), typeof block === 'string' ? Date.parse(block) + 1_000 : 0);
}

export function forgetRetraction(): void {
  pulse.set({ ...pulse.get(), retracted: null });
}

/**
 * Keeps the pulse: asks where the answers are, every second or so, and at once when a block that moved the market is told. Only who is
 * signed in is told by a socket. To be used once.
 */
export function useKeptPulse(isSignedIn: boolean): void {
  const client = useClient();
  const [round, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let isAsking = false;
    let isNew = false;
    const beat = async (): Promise<void> => {
      isNew = true;
      if (isAsking) return;
      isAsking = true;
      let heard = false;
      while (isNew) {
        isNew = false;
        heard = await askOnce(client, () => isOver);
      }
      isAsking = false;
      if (!isOver) next(!heard ? PACE_MS.failed : document.hidden ? PACE_MS.hidden : PACE_MS.seen);
    };
    const next = (milliseconds: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void beat(), milliseconds);
    };
    const soon = (): void => next(TOGETHER_MS);
    const onSeen = (): void => {
      if (!document.hidden) soon();
    };
    void beat();
    document.addEventListener('visibilitychange', onSeen);
    window.addEventListener('online', onSeen);
    let told: (() => void) | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    if (isSignedIn) {
      const { unsubscribe } = client.subscription(MarketMovesDocument, {}).subscribe(({ data, error }) => {
        const retraction = data?.tokens.retraction ?? null;
        if (retraction !== null) {
          const { fromBlock, ids, toBlock } = retraction;
          pulse.set({ ...pulse.get(), retracted: { fromBlock, toBlock, count: ids.length } });
        }
        if (data !== undefined && data !== null) soon();
        if (error !== undefined) retry ??= setTimeout(again, AGAIN_MS);
      });
      told = unsubscribe;
    }
    return () => {
      isOver = true;
      clearTimeout(timer);
      clearTimeout(retry);
      told?.();
      document.removeEventListener('visibilitychange', onSeen);
      window.removeEventListener('online', onSeen);
    };
  }, [client, isSignedIn, round]);
}

async function askOnce(client: Parameters<typeof ask>[0], isOver: () => boolean): Promise<boolean> {
  const heard = await ask(client, PulseDocument, {});
  if (isOver()) return false;
  const before = pulse.get();
  if (heard.refused === null) pulse.set({ ...before, meta: heard.answer._meta, lostSince: null });
  else if (before.lostSince === null) pulse.set({ ...before, lostSince: Date.now() });
  return heard.refused === null;
}
