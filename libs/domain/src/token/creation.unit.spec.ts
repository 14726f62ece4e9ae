import { describe, it } from '@jest/globals';
import type { TokenCreated } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { swapFact } from '../request/lifecycle.fixture.js';
import { ALICE, BOB, FACTORY, TOKEN_A } from '../testing/samples.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('CREATE_TOKEN', 'TokenCreationRequested');

const ask = {
  name: 'Gold Coin',
  symbol: 'GOLD',
  decimals: 6,
  supply: 1_000_000n,
  description: 'A coin',
  metadataURI: 'ipfs://bafy',
} as const;
const terms = { ...ask, supply: '1000000', totalSupply: '1000000000000' };
const fact: TokenCreated = {
  type: 'TokenCreated',
  version: 1,
  data: {
    contract: FACTORY,
    tokenAddress: TOKEN_A,
    creator: ALICE,
    name: 'Gold Coin',
    symbol: 'GOLD',
    totalSupply: '1000000000000',
  },
};

describe('a request for a token', () => {
  it('is accepted with its supply in base units', () => {
    asked(ask).isAcceptedWith(terms);
  });
  it('is accepted up to 10^27 tokens of 18 decimals', () => {
    asked({ ...ask, supply: 10n ** 27n, decimals: 18 }).isAcceptedWith({
      ...terms,
      decimals: 18,
      supply: `1${'0'.repeat(27)}`,
      totalSupply: `1${'0'.repeat(45)}`,
    });
  });
  it('keeps its key', () => keepsItsKey(ask, terms));
  it.each([
    [{ name: 'Gold\u0000' }, 'INVALID_NAME', 'name'],
    [{ symbol: 'gold' }, 'INVALID_SYMBOL', 'symbol'],
    [{ decimals: 19 }, 'INVALID_DECIMALS', 'decimals'],
    [{ supply: 0n }, 'INVALID_SUPPLY', 'supply'],
    [{ supply: 10n ** 27n + 1n }, 'INVALID_SUPPLY', 'supply'],
    [{ description: 'x'.repeat(501) }, 'INVALID_DESCRIPTION', 'description'],
    [{ metadataURI: 'not a uri' }, 'INVALID_METADATA_URI', 'metadataURI'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    asked({ ...ask, ...part }).isRefused(code, field);
  });
});

describe('the fact that answers it', () => {
  it('is the token’s creation, in any case of the address', () => {
    answered(terms, fact).by({ kind: 'CREATE_TOKEN', tokenAddress: TOKEN_A });
    answered(terms, { ...fact, data: { ...fact.data, creator: ALICE.toLowerCase() } }).by({
      kind: 'CREATE_TOKEN',
      tokenAddress: TOKEN_A,
    });
  });
  it('is no other fact', () => answered(terms, swapFact).byNothing());
  it.each([
    ['creator', BOB],
    ['name', 'Fool’s Gold'],
    ['symbol', 'GOLD2'],
    ['totalSupply', '1000000000001'],
  ])('does not fit with another %s', (field, value) => {
    answered(terms, { ...fact, data: { ...fact.data, [field]: value } }).notBy(field);
  });
});
