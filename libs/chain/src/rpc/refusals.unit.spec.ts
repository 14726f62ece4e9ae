import { describe, expect, it } from '@jest/globals';
import { failureClassOf } from '@abland/kernel';
import { RpcTooMuchError } from './errors.js';
import { errorOf } from './refusals.js';

describe('the refusal of a provider', () => {
  it.each([
    // What asks for less: provider or client, code, words, blocks that it would give at once.
    ['Infura', -32005, 'query returned more than 10000 results', null],
    [
      'Alchemy',
      -32602,
      'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range. Based on your parameters, this block range should work: [0x1000000, 0x10000ff]',
      256,
    ],
    ['QuickNode', -32614, 'eth_getLogs is limited to a 10,000 range', 10_000],
    ['Ankr', -32600, 'block range is too wide', null],
    ['Base', -32614, 'eth_getLogs is limited to 0 - 1,000 blocks range', 1_000],
    ['Geth', -32602, 'exceed maximum block range: 5000', null],
    ['Erigon', -32000, 'query exceeds max block range of 1000', null],
    ['Nethermind', -32005, 'Too many logs requested. Max logs per response is 20000.', null],
    ['zkSync', -32602, 'Query returned more than 10000 results. Try with this block range [0x10, 0x1f].', 16],
    ['a gateway', -32000, 'Response is too large', null],
  ] as const)('of %s (%d) asks for less', (_, code, message, rangeMax) => {
    const error = errorOf('http://node', { code, message, data: undefined });
    expect(error).toBeInstanceOf(RpcTooMuchError);
    expect(error).toMatchObject({ failureClass: 'LESS', rangeMax });
  });

  it.each([
    ['Infura', -32005, 'daily request count exceeded, request rate limited'],
    ['Alchemy', 429, 'Your app has exceeded its compute units per second capacity.'],
    ['QuickNode', -32007, '50/second request limit reached - reduce calls per second'],
    ['a gateway', -32000, 'Too Many Requests'],
    ['EIP-1474', -32005, 'limit exceeded'],
  ] as const)('of %s (%d) asks for patience', (_, code, message) => {
    expect(failureClassOf(errorOf('http://node', { code, message, data: undefined }))).toBe('LATER');
  });

  it.each([
    [3, 'execution reverted: no', 'WRONG'],
    [-32000, 'header not found', 'ANOTHER'],
    [-32603, 'Internal error', 'ANOTHER'],
    [-32601, 'the method eth_getBlockReceipts does not exist', 'ANOTHER'],
    [-32000, 'nonce too low', 'ANOTHER'],
  ] as const)('with %d, %s is %s', (code, message, expected) => {
    expect(failureClassOf(errorOf('http://node', { code, message, data: undefined }))).toBe(expected);
  });
});
