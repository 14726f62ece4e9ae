import { describe, it } from '@jest/globals';
import type { TokenDeactivated } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { swapFact } from '../request/lifecycle.fixture.js';
import { ALICE, BOB, FACTORY, TOKEN_A, TOKEN_B } from '../testing/samples.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('DEACTIVATE_TOKEN', 'TokenDeactivationRequested');

const known = { creator: ALICE, active: true, pending: false };
const ask = { tokenAddress: TOKEN_A, known };
const terms = { tokenAddress: TOKEN_A };
const fact = (tokenAddress: string): TokenDeactivated => ({
  type: 'TokenDeactivated',
  version: 1,
  data: { contract: FACTORY, tokenAddress },
});

describe('a request to end a token’s trading', () => {
  it('is accepted of its creator, in any case of the address', () => {
    asked(ask).isAcceptedWith(terms);
    asked({ ...ask, known: { ...known, creator: ALICE.toLowerCase() } }).isAcceptedWith(terms);
  });
  it('keeps its key', () => keepsItsKey(ask, terms));
  it.each([
    [null, 'UNKNOWN_TOKEN'],
    [{ ...known, creator: BOB }, 'NOT_THE_CREATOR'],
    [{ ...known, active: false }, 'TOKEN_DEACTIVATED'],
    [{ ...known, pending: true }, 'DEACTIVATION_PENDING'],
  ] as const)('case %#: is refused as %s', (state, code) => {
    asked({ ...ask, known: state }).isRefused(code, 'tokenAddress');
  });
});

describe('the fact that answers it', () => {
  it('is the deactivation of that token', () => {
    answered(terms, fact(TOKEN_A)).by({ kind: 'DEACTIVATE_TOKEN', tokenAddress: TOKEN_A });
    answered(terms, fact(TOKEN_B)).notBy('tokenAddress');
  });
  it('is no other fact', () => answered(terms, swapFact).byNothing());
});
