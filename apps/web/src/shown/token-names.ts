import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ask } from '../api/ask.js';
import { TokenNameDocument } from '../api/operations.gen.js';
import { createStore, useStore } from '../browser/store.js';
import { shortId } from '../format/numbers.js';

/** What a token is called: it never changes. */
export interface TokenName {
  readonly address: string;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly isForeign: boolean;
}

/** An address is the same in whichever case it is written. */
const keyOf = (address: string): string => address.toLowerCase();

const known = createStore<ReadonlyMap<string, TokenName>>(new Map());
const asked = new Set<string>();
const AGAIN_MS = 3_000;

/** Learnt by the way, of lists that have it. */
export function learnNames(names: readonly Omit<TokenName, 'isForeign'>[], isForeign = false): void {
  const before = known.get();
  const added = names.filter(({ address, decimals }) => decimals !== null && !before.has(keyOf(address)));
  if (added.length === 0) return;
  known.set(
    new Map([...before, ...added.map((one) => [keyOf(one.address), { ...one, isForeign }] as const)]),
  );
}

/** The names of these, as far as they are known; the rest is asked for. */
export function useTokenNames(addresses: readonly string[]): (address: string) => TokenName {
  const client = useClient();
  const names = useStore(known);
  const [round, again] = useState(0);
  const missing = [...new Set(addresses)].filter((address) => !names.has(keyOf(address))).join();
  useEffect(() => {
    if (missing === '') return undefined;
    // What was refused, or is not indexed yet, is asked for again as long as it is wanted.
    const timer = setTimeout(() => again((before) => before + 1), AGAIN_MS);
    for (const address of missing.split(',')) {
      if (asked.has(address)) continue;
      asked.add(address);
      void ask(client, TokenNameDocument, { address }).then((heard) => {
        if (heard.refused === null) {
          const { foreignToken, token } = heard.answer;
          if (token !== null && token !== undefined)
            learnNames([{ ...token, decimals: token.decimals ?? null }]);
          else if (foreignToken !== null && foreignToken !== undefined)
            known.set(
              new Map([...known.get(), [keyOf(address), foreignOf(foreignToken.address, foreignToken)]]),
            );
        }
        asked.delete(address);
      });
    }
    return () => clearTimeout(timer);
  }, [client, missing, round]);
  return (address) => names.get(keyOf(address)) ?? unknown(address);
}

const foreignOf = (
  address: string,
  told: { readonly name?: string | null; readonly symbol?: string | null; readonly decimals?: number | null },
): TokenName => ({
  ...{ address, isForeign: true },
  ...{ name: told.name ?? null, symbol: told.symbol ?? null, decimals: told.decimals ?? null },
});

const unknown = (address: string): TokenName => ({
  ...{ address, name: null, symbol: shortId(address, 6, 4), decimals: null, isForeign: false },
});
