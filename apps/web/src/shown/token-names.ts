import { useEffect } from 'react';
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

const known = createStore<ReadonlyMap<string, TokenName>>(new Map());
const asked = new Set<string>();
/** What was refused, or is not indexed yet, is asked for again. */
const AGAIN_MS = 3_000;

/** Learnt by the way, of lists that have it. */
export function learnNames(names: readonly Omit<TokenName, 'isForeign'>[], isForeign = false): void {
  const before = known.get();
  const added = names.filter(({ address, decimals }) => decimals !== null && !before.has(address));
  if (added.length === 0) return;
  known.set(new Map([...before, ...added.map((one) => [one.address, { ...one, isForeign }] as const)]));
}

/** The names of these, as far as they are known; the rest is asked for. */
export function useTokenNames(addresses: readonly string[]): (address: string) => TokenName {
  const client = useClient();
  const names = useStore(known);
  const missing = [...new Set(addresses)].filter((address) => !names.has(address)).join();
  useEffect(() => {
    for (const address of missing === '' ? [] : missing.split(',')) {
      if (asked.has(address)) continue;
      asked.add(address);
      void ask(client, TokenNameDocument, { address }).then((heard) => {
        if (heard.refused === null) {
          const { foreignToken, token } = heard.answer;
          if (token !== null && token !== undefined)
            learnNames([{ ...token, decimals: token.decimals ?? null }]);
          else if (foreignToken !== null && foreignToken !== undefined)
            known.set(new Map([...known.get(), [address, foreignOf(address, foreignToken)]]));
        }
        setTimeout(() => asked.delete(address), AGAIN_MS);
      });
    }
  }, [client, missing]);
  return (address) => names.get(address) ?? unknown(address);
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
