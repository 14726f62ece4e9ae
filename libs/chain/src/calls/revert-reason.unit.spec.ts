import { describe, expect, it } from '@jest/globals';
import { AbiCoder, id } from 'ethers';
import { describeRevert } from './revert-reason.js';

const encode = (signature: string, types: string[], values: unknown[]): string =>
  id(signature).slice(0, 10) + AbiCoder.defaultAbiCoder().encode(types, values).slice(2);

describe('describeRevert', () => {
  it("names our contracts' errors with their arguments", () => {
    const data = encode('DeadlineExpired(uint256,uint256)', ['uint256', 'uint256'], [5, 7]);
    expect(describeRevert(data)).toBe('DeadlineExpired(5, 7)');
  });

  it.each([
    [encode('Error(string)', ['string'], ['no luck']), 'no luck'],
    [encode('Panic(uint256)', ['uint256'], [17]), 'Panic(17)'],
    ['0x', 'reverted without a reason'],
    ['0x12345678', 'unknown error 0x12345678'],
    ['0x08c379a0ff', 'malformed error 0x08c379a0ff'],
  ])('says of %s: %s', (data, text) => {
    expect(describeRevert(data)).toBe(text);
  });
});
