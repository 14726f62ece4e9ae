import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { type DataOf, described } from '../testing/told-events.js';
import { foreignTokensProjection } from './projection.js';
import { foreignTokens } from './tables.js';

const TOKEN = `0x${'9'.repeat(40)}`;
const TOLD = { name: null, symbol: null, decimals: null };
const UNANSWERED = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' } as const;
const saying = (
  block: number,
  name: string | null,
  decimals: number | null,
  missing: DataOf<'TokenDescribed'>['missing'] = TOLD,
) => described({ ...{ token: TOKEN, name, symbol: name, decimals, missing }, state: 'BLOCK' }, { block });
const { given } = specify(foreignTokensProjection);

describe('tokens that the factory did not make', () => {
  it('are what they say of themselves, written so that all of it shows', () => {
    given()
      .when(saying(1, 'Dollar\u202e\0', 6))
      .then(foreignTokens, {
        ...{ chain_id: 1, address: TOKEN, decimals: 6, state: 'BLOCK', updated_block: 1 },
        ...{ name: 'Dollar\\u{202E}\\u{0}', symbol: 'Dollar\\u{202E}\\u{0}', name_missing: null },
      });
  });

  it('are what they say now: other words, or none where they fail', () => {
    given(saying(1, 'Dollar', 6))
      .when(saying(2, null, 255, { name: 'FAILED', symbol: 'MALFORMED', decimals: null }))
      .then(foreignTokens, {
        ...{ name: null, symbol: null, decimals: 255, updated_block: 2 },
        ...{ name_missing: 'FAILED', symbol_missing: 'MALFORMED', decimals_missing: null },
      });
  });

  it('are what they said before where nobody answered for them now', () => {
    given(saying(1, 'Dollar', 6))
      .when(saying(2, null, null, UNANSWERED))
      .then(foreignTokens, { name: 'Dollar', symbol: 'Dollar', decimals: 6, decimals_missing: null });
    given(saying(1, null, null, UNANSWERED))
      .when(saying(2, 'Dollar', null, { ...TOLD, decimals: 'EMPTY' }))
      .then(foreignTokens, { name: 'Dollar', decimals: null, name_missing: null, decimals_missing: 'EMPTY' });
  });

  chainLaws(foreignTokensProjection, [
    saying(1, null, null, UNANSWERED),
    saying(2, 'Dollar', 6),
    saying(3, null, null, UNANSWERED),
  ]);
});
