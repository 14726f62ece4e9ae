import { showing, type TokenDescribed, type TokenSilence } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { type Projection, rowOf, type Rows } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { foreignTokens } from './tables.js';

type Described = RecordedEvent<TokenDescribed>;

/** No log stands for what a token says: it is of a block, and of no transaction. */
function blockOf({ metadata }: Described): { readonly chainId: number; readonly blockNumber: number } {
  if (metadata.chain === undefined) throw new BadEventError('A description without its block');
  return metadata.chain;
}

const keyOf = (event: Described) => ({ chain_id: blockOf(event).chainId, address: event.data.token });

/** What the token says now; what nobody answered for now is as it was said before. */
function toldOf<Value>(
  now: Value | null,
  missing: TokenSilence | null,
  before: readonly [Value | null, string | null] | null,
): readonly [Value | null, string | null] {
  return missing === 'UNANSWERED' && before !== null ? before : [now, missing];
}

const textOf = (text: string | null): string | null => (text === null ? null : storableText(showing(text)));

function describe(event: Described, rows: Rows): void {
  const { decimals, missing, name, state, symbol } = event.data;
  const known = rows.get(foreignTokens, keyOf(event));
  const names = toldOf(textOf(name), missing.name, known ? [known.name, known.name_missing] : null);
  const symbols = toldOf(textOf(symbol), missing.symbol, known ? [known.symbol, known.symbol_missing] : null);
  const places = toldOf(decimals, missing.decimals, known ? [known.decimals, known.decimals_missing] : null);
  rows.put(foreignTokens, {
    ...keyOf(event),
    name: names[0],
    symbol: symbols[0],
    decimals: places[0],
    name_missing: names[1],
    symbol_missing: symbols[1],
    decimals_missing: places[1],
    state,
    updated_block: blockOf(event).blockNumber,
  });
}

/** What tokens say of themselves that the factory did not make. */
export const foreignTokensProjection: Projection = {
  name: 'foreign-tokens',
  version: 1,
  tables: [foreignTokens],
  handlers: {
    TokenDescribed: { reads: (event) => [rowOf(foreignTokens, keyOf(event))], apply: describe },
  },
};
