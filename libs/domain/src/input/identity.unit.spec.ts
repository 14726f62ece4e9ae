import { expect, it } from '@jest/globals';
import { ID, TX_1 } from '../testing/samples.fixture.js';
import { parseHash, parseIdempotencyKey, parseProposalId, parseUuid } from './identity.js';

const refused = (code: string, field: string) => expect.objectContaining({ code, field });

it('a hash is 32 bytes, kept in lower case', () => {
  expect(parseHash(TX_1, 'txHash')).toBe(TX_1);
  expect(parseHash(`0x${'A'.repeat(64)}`, 'txHash')).toBe(`0x${'a'.repeat(64)}`);
});

it.each([
  '',
  '0x',
  `0x${'a'.repeat(63)}`,
  `0x${'a'.repeat(65)}`,
  'a'.repeat(64),
  `0x${'g'.repeat(64)}`,
  `${TX_1}\n`,
])('a hash is not %j', (text) => {
  expect(() => parseHash(text, 'txHash')).toThrow(refused('INVALID_HASH', 'txHash'));
});

it('the id of a proposal is an unsigned integer of 256 bits', () => {
  for (const id of ['0', '1', `${2n ** 256n - 1n}`]) expect(parseProposalId(id, 'id')).toBe(id);
});

it.each(['', '-1', '01', '1.0', '0x1', '1e3', ' 1', '1\n', `${2n ** 256n}`, '9'.repeat(100_000)])(
  'the id of a proposal is not %.20j',
  (text) => {
    expect(() => parseProposalId(text, 'id')).toThrow(refused('INVALID_ID', 'id'));
  },
);

it('an id is a UUID, kept in lower case', () => {
  expect(parseUuid(ID, 'commandId')).toBe(ID);
  expect(parseUuid('ABCDEF00-0000-4000-8000-000000000001', 'commandId')).toBe(
    'abcdef00-0000-4000-8000-000000000001',
  );
});

it.each(['', ID.slice(1), `${ID}0`, ID.replaceAll('-', ''), `{${ID}}`, `${ID}\n`, ID.replace('0', 'g')])(
  'an id is not %j',
  (text) => {
    expect(() => parseUuid(text, 'commandId')).toThrow(refused('INVALID_ID', 'commandId'));
  },
);

it.each(['a', 'order-17/3', '~'.repeat(100)])('an idempotency key may be %j', (key) => {
  expect(parseIdempotencyKey(key)).toBe(key);
});

it.each(['', ' ', 'a b', 'a\n', 'ä', 'x'.repeat(101)])('an idempotency key may not be %j', (key) => {
  expect(() => parseIdempotencyKey(key)).toThrow(refused('INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'));
});
