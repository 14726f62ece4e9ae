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

  it('stays short, well-formed and of one line, whatever a contract says', () => {
    const say = (text: string): string => describeRevert(encode('Error(string)', ['string'], [text]));
    expect(say('long '.repeat(10_000))).toHaveLength(500);
    expect(say(`a${'😀'.repeat(1_000)}`).isWellFormed()).toBe(true);
    expect(say('one\u0000two\r\nthree')).toBe('one two three');
    const proposal = encode(
      'GovernorUnexpectedProposalState(uint256,uint8,bytes32)',
      ['uint256', 'uint8', 'bytes32'],
      [5, 1, id('x')],
    );
    expect(describeRevert(proposal)).toMatch(/^GovernorUnexpectedProposalState/);
    expect(describeRevert(`0x12345678${'ff'.repeat(10_000)}`).length).toBeLessThanOrEqual(500);
  });
});
