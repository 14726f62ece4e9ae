import { AbiCoder, encodeBytes32String } from 'ethers';
import { balanceIn, type MarketState } from './market-state.js';
import type { SeededRandom } from '../seeded-random.js';
import { type Deed, openPool, PEOPLE } from './market-deeds.js';

type Told = Readonly<Record<'name' | 'symbol' | 'decimals', string | number | null>>;

/** A token that the factory did not make. */
export interface Stranger {
  /** What its code returns; null where it reverts. */
  readonly returns: Readonly<Record<'name' | 'symbol' | 'decimals', string | null>>;
  /** What is to be shown of it. */
  readonly shown: Told;
}

const encode = (type: string, value: unknown): string => AbiCoder.defaultAbiCoder().encode([type], [value]);
const text = (value: string): string => encode('string', value);

/** Tokens as strangers make them. */
const STRANGERS: readonly Stranger[] = [
  {
    returns: { name: text('Dollar'), symbol: text('USD'), decimals: encode('uint8', 6) },
    shown: { name: 'Dollar', symbol: 'USD', decimals: 6 },
  },
  {
    returns: { name: encodeBytes32String('Maker'), symbol: encodeBytes32String('MKR'), decimals: null },
    shown: { name: 'Maker', symbol: 'MKR', decimals: null },
  },
  {
    returns: { name: text('\u202eDSU\0'), symbol: text(''), decimals: encode('uint256', 256) },
    shown: { name: '\\u{202E}DSU\\u{0}', symbol: '', decimals: null },
  },
  {
    returns: { name: text('x'.repeat(5_000)), symbol: '0x01', decimals: encode('uint8', 255) },
    shown: { name: `${'x'.repeat(99)}…`, symbol: null, decimals: 255 },
  },
  {
    returns: { name: null, symbol: null, decimals: null },
    shown: { name: null, symbol: null, decimals: null },
  },
];

/** Which one lies at an address. */
export const strangerAt = (address: string): Stranger => {
  const stranger = STRANGERS[Number.parseInt(address.slice(-4), 16) % STRANGERS.length];
  if (stranger === undefined) throw new RangeError('No such stranger');
  return stranger;
};

/** Somebody opens a pool of a token of the factory with one of their own, or with one that is known already. */
export const openStrangersPool: Deed = (state, random) => {
  if (state.balances.size === 0) return [];
  const ours = random.pick([...state.balances.keys()]);
  const stranger = pickStranger(state, random);
  const creator = random.pick(PEOPLE);
  const amount = balanceIn(state, ours, creator) / 8n;
  state.strangers.add(stranger);
  return openPool(
    state,
    creator,
    new Map([
      [ours, amount],
      [stranger, random.amount(10n ** 20n)],
    ]),
  );
};

function pickStranger({ strangers }: MarketState, random: SeededRandom): string {
  return strangers.size > 0 && random.chance(0.3) ? random.pick([...strangers]) : random.address();
}
