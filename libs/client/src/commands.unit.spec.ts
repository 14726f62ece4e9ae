import { describe, expect, it } from '@jest/globals';
import type { Signer, TransactionRequest } from 'ethers';
import { type Asking, carryOut, type Receipt } from './commands.js';
import { WrongSignatureRequest } from './errors.js';

const CHAIN = 31_337;
const call = (data: string) => ({ to: `0x${'1'.repeat(40)}`, data, value: '7', chainId: CHAIN });
const receipt = (over: object = {}): Receipt =>
  ({
    ...{ commandId: 'c1', approvals: [call('0xa1'), call('0xa2')], transaction: call('0x5a') },
    ...{ signatureRequest: null, ...over },
  }) as unknown as Receipt;

/** What is done, in order. */
function carrying(chainId = CHAIN) {
  const done: string[] = [];
  const signer = {
    provider: { getNetwork: () => Promise.resolve({ chainId: BigInt(chainId) }) },
    getNonce: () => Promise.resolve(5),
    sendTransaction: ({ chainId: on, data, nonce, value }: TransactionRequest) => {
      done.push(`sent ${data} on ${on} as ${nonce} with ${value}`);
      const wait = () => Promise.resolve(void done.push(`mined ${data}`));
      return Promise.resolve({ hash: `hash of ${data}`, wait });
    },
  } as unknown as Signer;
  const ask = (_document: unknown, variables: object) =>
    Promise.resolve(void done.push(`told ${Object.values(variables).join(' ')}`));
  return { done, asking: { ask, signer } as unknown as Asking };
}

describe('a command that is carried to the chain', () => {
  it('is told of as soon as its transaction is sent, each of them for its chain and under a nonce of its own', async () => {
    const { asking, done } = carrying();
    await carryOut(asking, receipt());
    expect(done).toEqual([
      ...['sent 0xa1 on 31337 as 5 with 7', 'mined 0xa1', 'sent 0xa2 on 31337 as 6 with 7', 'mined 0xa2'],
      ...['sent 0x5a on 31337 as 7 with 7', 'told c1 hash of 0x5a', 'mined 0x5a'],
    ]);
  });

  it('is not signed by a wallet that is on another chain', async () => {
    const { asking, done } = carrying(1);
    await expect(carryOut(asking, receipt())).rejects.toBeInstanceOf(WrongSignatureRequest);
    expect(done).toEqual([]);
  });

  it('is sent nothing for where the API knows that it is on its way', async () => {
    const { asking, done } = carrying();
    await carryOut(asking, receipt({ transaction: null }));
    expect(done).toEqual([]);
  });
});
