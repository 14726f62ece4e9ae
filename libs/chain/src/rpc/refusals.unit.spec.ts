import { describe, expect, it } from '@jest/globals';
import { failureClassOf } from '@abland/kernel';
import { RpcBatchRefusedError, RpcTooMuchError } from './errors.js';
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
    ['Geth', -32602, 'exceed maximum block range: 5000', 5_000],
    ['Erigon', -32000, 'query exceeds max block range of 1000', 1_000],
    ['Nethermind', -32005, 'Too many logs requested. Max logs per response is 20000.', null],
    [
      'ponder#724: zkSync',
      -32602,
      'Query returned more than 10000 results. Try with this block range [0x10, 0x1f].',
      16,
    ],
    ['a gateway', -32000, 'Response is too large', null],
    ['INFURA/infura#237', -32602, 'range 1000000 exceeds limit of 10000', 10_000],
    [
      'bancorprotocol/webapp#523: Alchemy',
      -32602,
      'Log response size exceeded. Please reduce query block range.',
      null,
    ],
    [
      'dank_mids#772: Alchemy',
      -32600,
      'You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x123c9b2, 0x123cba5]',
      500,
    ],
    ['Alchemy', -32602, 'You can make eth_getLogs requests with up to a 2K block range', 2_000],
    ['AlphaWallet/alpha-wallet-android#2736: BNB Chain', -32000, 'exceed maximum block range: 5000', 5_000],
    ['AlphaWallet/alpha-wallet-ios#5277: Candle', -32600, 'block range too high', null],
    ['moonbeam#3250', -32603, 'block range is too wide (maximum 1024)', 1_024],
    ['paradigmxyz/reth#8558', -32602, 'query exceeds max block range 5000', 5_000],
    ['scroll-tech/go-ethereum#529', -32000, 'block range is bigger than maxBlockRange', null],
    [
      'enviodev/hyperindex#605: Morph',
      -32000,
      'block range is larger than max block range, block range = 5120, max block range = 5000',
      5_000,
    ],
    [
      'base/base#2421',
      -32602,
      'query exceeds max results 20000, retry with the range 25766988-25775072',
      8_085,
    ],
    [
      'nimiq/wallet#275: Alchemy',
      -32602,
      'Query timeout exceeded. Consider reducing your block range. Based on your parameters and the response size limit, this block range should work: [0x42b950f, 0x42b9540]',
      50,
    ],
  ] as const)('of %s (%d) asks for less', (_, code, message, rangeMax) => {
    const error = errorOf('http://node', { code, message, data: undefined });
    expect(error).toBeInstanceOf(RpcTooMuchError);
    expect(error).toMatchObject({ failureClass: 'LESS', rangeMax });
  });

  it('asks for less where its words are in the data alone (bobanetwork/boba_legacy#827)', () => {
    const data = { error_id: '4ed94073', payload: 'range 9009594 is bigger than range limit 2000' };
    const error = errorOf('http://node', { code: -32602, message: 'invalid params', data });
    expect(error).toMatchObject({ failureClass: 'LESS', rangeMax: 2_000 });
    // What a contract returned is no word of a provider, whatever it says.
    const returned = errorOf('http://node', {
      code: 3,
      message: 'execution reverted',
      data: 'range limit 2000',
    });
    expect(failureClassOf(returned)).toBe('WRONG');
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
    ['ethereum/go-ethereum#26681', -32600, 'batch too large'],
    ['erigontech/erigon#17245', -32000, 'batch limit 100 exceeded (can increase by --rpc.batch.limit)'],
    ['besu-eth/besu#4951', -32602, 'Number of requests in batch exceeds --rpc-max-batch-size'],
    ['NethermindEth/nethermind#5122', -32005, 'Batch size limit exceeded'],
    ['paritytech/jsonrpsee#1107', -32010, 'The batch request was too large'],
    ['dRPC', 31, 'Batch of more than 3 requests are not allowed on free tier'],
    ['a gateway', -32014, 'too many RPC calls in batch request'],
  ] as const)('of %s (%d) asks for smaller batches', (_, code, message) => {
    expect(errorOf('http://node', { code, message, data: undefined })).toBeInstanceOf(RpcBatchRefusedError);
  });

  it.each([
    ['ethers-io/ethers.js#640', { backoff_seconds: 30 }, 30_000],
    ['gakonst/ethers-rs#1711', { rate: { backoff_seconds: 30, current_rps: 1.06 } }, 30_000],
    ['INFURA/infura#201: no time at all', { rate: { backoff_seconds: 0 } }, null],
    ['of another shape', { rate: null }, null],
    ['of a text', 'soon', null],
  ])('says for how long Infura wants to be left alone (%s)', (_, data, retryAfterMs) => {
    const message = 'project ID request rate exceeded';
    expect(errorOf('http://node', { code: -32005, message, data })).toMatchObject({ retryAfterMs });
  });

  it.each([
    [3, 'execution reverted: no', 'WRONG'],
    // ethereum/execution-apis#875: a range that a node behind the others does not have; none smaller would do.
    [-32602, 'block range extends beyond current head block', 'ANOTHER'],
    [-32602, 'invalid block range params', 'ANOTHER'],
    [-32000, 'header not found', 'ANOTHER'],
    [-32603, 'Internal error', 'ANOTHER'],
    [-32601, 'the method eth_getBlockReceipts does not exist', 'ANOTHER'],
    [-32000, 'nonce too low', 'ANOTHER'],
  ] as const)('with %d, %s is %s', (code, message, expected) => {
    expect(failureClassOf(errorOf('http://node', { code, message, data: undefined }))).toBe(expected);
  });
});
