import { describe, expect, it } from '@jest/globals';
import { concat, Signature, toBeHex, Wallet } from 'ethers';
import type { ForwardRequest } from '@abland/domain';
import { readCommandTag } from './command-tag.js';
import {
  canonicalSignature,
  encodeForwardExecution,
  forwardRequestTypedData,
  recoverForwardRequestSigner,
} from './forward-request.js';
import { INTERFACES } from '../contracts/interfaces.js';
import { encodeSwap } from './liquidity-calls.js';
import { encodeApproval, encodeCreateToken } from './token-calls.js';

const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';
const CONTRACT = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const TOKEN = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
const POOL = `0x${'ab'.repeat(32)}`;
const USER = new Wallet(`0x${'11'.repeat(32)}`);
/** Of secp256k1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const REFERENCE = { chainId: 31337, forwarder: CONTRACT };

const REQUEST: ForwardRequest = {
  from: USER.address,
  to: CONTRACT,
  value: '5',
  gas: '300000',
  nonce: '0',
  deadline: 1_900_000_000,
  data: '0x1234',
};

describe('contract calls', () => {
  it('encode a swap whose arguments read back, tagged with its command', () => {
    const args = {
      poolId: POOL,
      tokenIn: TOKEN,
      amountIn: 10n ** 45n,
      amountOutMin: 7n,
      deadline: 1_900_000_000,
    };
    const call = encodeSwap(CONTRACT, args, COMMAND);
    expect(call).toMatchObject({ to: CONTRACT, value: '0' });
    expect([...INTERFACES.ABLiquidityManager.decodeFunctionData('swap', call.data)]).toEqual([
      POOL,
      TOKEN,
      10n ** 45n,
      7n,
      1_900_000_000n,
    ]);
    expect(readCommandTag(call.data)).toBe(COMMAND);
  });

  it('send the creation fee with a token creation', () => {
    const args = {
      name: 'A',
      symbol: 'A',
      totalSupply: 1n,
      decimals: 0,
      metadataURI: '',
      creationFeeWei: 12n,
    };
    const call = encodeCreateToken(CONTRACT, args, COMMAND);
    expect(call.value).toBe('12');
    expect([...INTERFACES.ABTokenFactory.decodeFunctionData('createToken', call.data)]).toEqual([
      'A',
      'A',
      1n,
      0n,
      '',
    ]);
  });

  it('leave approvals untagged', () => {
    const call = encodeApproval(TOKEN, CONTRACT, 3n);
    expect(readCommandTag(call.data)).toBeNull();
    expect([...INTERFACES.ABToken.decodeFunctionData('approve', call.data)]).toEqual([CONTRACT, 3n]);
  });
});

describe('forward requests', () => {
  const sign = (chainId: number): Promise<string> => {
    const { domain, types, message } = forwardRequestTypedData({ ...REFERENCE, chainId }, REQUEST);
    const { EIP712Domain: _, ...signed } = types;
    return USER.signTypedData(domain, signed as never, message);
  };

  it('are recognised as signed by their user', async () => {
    expect(recoverForwardRequestSigner(REFERENCE, REQUEST, await sign(31337))).toBe(USER.address);
  });

  it('are not recognised after a change, from another chain, or with a malformed signature', async () => {
    const signature = await sign(31337);
    expect(recoverForwardRequestSigner(REFERENCE, { ...REQUEST, value: '6' }, signature)).not.toBe(
      USER.address,
    );
    expect(recoverForwardRequestSigner(REFERENCE, REQUEST, await sign(1))).not.toBe(USER.address);
    expect(recoverForwardRequestSigner(REFERENCE, REQUEST, '0x1234')).toBeNull();
  });

  it('are handed on as the forwarder takes them, however the wallet writes its signature', async () => {
    const signature = await sign(31337);
    const { r, s, v, yParity } = Signature.from(signature);
    const written = (high: boolean, last: number): string =>
      concat([r, high ? toBeHex(CURVE_ORDER - BigInt(s), 32) : s, toBeHex(last, 1)]);
    for (const given of [
      signature,
      written(false, yParity),
      written(false, 35 + yParity),
      written(true, 55 - v),
    ]) {
      expect(canonicalSignature(given)).toBe(signature);
    }
    expect(canonicalSignature(written(false, 5))).toBeNull();
    expect(canonicalSignature('0x1234')).toBeNull();
  });

  it('become a tagged call of the forwarder that passes the value on', async () => {
    const signature = await sign(31337);
    const call = encodeForwardExecution(CONTRACT, REQUEST, signature, COMMAND);
    expect(call).toMatchObject({ to: CONTRACT, value: '5' });
    expect(readCommandTag(call.data)).toBe(COMMAND);
    const [request] = INTERFACES.ABForwarder.decodeFunctionData('execute', call.data);
    expect([...request]).toEqual([USER.address, CONTRACT, 5n, 300000n, 1_900_000_000n, '0x1234', signature]);
  });
});
