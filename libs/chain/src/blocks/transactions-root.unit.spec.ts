import { describe, expect, it } from '@jest/globals';
import { Signature, Transaction, type TransactionLike, Wallet } from 'ethers';
import { encodeTransaction } from './transactions-root.js';

const hex = (value: bigint | number | null | undefined): string => `0x${BigInt(value ?? 0).toString(16)}`;
const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const TO = `0x${'ab'.repeat(20)}`;
const CALL = { nonce: 7, gasLimit: 50_000n, to: TO, value: 10n ** 20n, data: '0x00ff', chainId: 10 };
const FEES = { maxFeePerGas: 9n, maxPriorityFeePerGas: 0n };
const ACCESS = [{ address: TO, storageKeys: [`0x${'00'.repeat(32)}`, `0x${'22'.repeat(32)}`] }];
const BLOBS = { maxFeePerBlobGas: 3n, blobVersionedHashes: [`0x01${'33'.repeat(31)}`] };
const AUTHORIZATION = {
  ...{ chainId: 10n, address: TO, nonce: 0n },
  signature: Signature.from({ r: `0x00${'44'.repeat(31)}`, s: `0x${'05'.repeat(32)}`, yParity: 1 }),
};

/** EIP-155, where it is of one chain alone. */
const legacyV = ({ chainId, signature }: Transaction): bigint =>
  chainId === 0n ? BigInt(signature?.v ?? 0) : chainId * 2n + 35n + BigInt(signature?.yParity ?? 0);

/** As a node tells of it (execution-apis, GenericTransaction). */
function toldOf(transaction: Transaction): Record<string, unknown> {
  const { signature, type } = transaction;
  const { accessList, authorizationList, blobVersionedHashes } = transaction;
  return {
    ...{ type: hex(type), nonce: hex(transaction.nonce), to: transaction.to, input: transaction.data },
    ...{ gas: hex(transaction.gasLimit), value: hex(transaction.value), chainId: hex(transaction.chainId) },
    gasPrice: hex(transaction.gasPrice ?? transaction.maxFeePerGas),
    maxFeePerGas: hex(transaction.maxFeePerGas),
    maxPriorityFeePerGas: hex(transaction.maxPriorityFeePerGas),
    maxFeePerBlobGas: hex(transaction.maxFeePerBlobGas),
    ...{ accessList: accessList ?? undefined, blobVersionedHashes: blobVersionedHashes ?? undefined },
    authorizationList: authorizationList?.map(
      ({ address, chainId, nonce, signature: { r, s, yParity } }) => ({
        ...{ address, chainId: hex(chainId), nonce: hex(nonce), yParity: hex(yParity) },
        ...{ r: hex(BigInt(r)), s: hex(BigInt(s)) },
      }),
    ),
    v: hex(type === 0 ? legacyV(transaction) : signature?.yParity),
    ...{ r: hex(BigInt(signature?.r ?? 0)), s: hex(BigInt(signature?.s ?? 0)) },
  };
}

describe('the encoding of a transaction', () => {
  it.each<[string, TransactionLike]>([
    ['a legacy one', { ...CALL, type: 0, gasPrice: 5n }],
    ['a legacy one of any chain', { ...CALL, type: 0, gasPrice: 5n, chainId: 0 }],
    ['one that creates a contract', { ...CALL, type: 2, ...FEES, to: null }],
    ['one with an access list', { ...CALL, type: 1, gasPrice: 5n, accessList: ACCESS }],
    ['one with a dynamic fee', { ...CALL, type: 2, ...FEES, accessList: ACCESS }],
    ['one with blobs', { ...CALL, type: 3, ...FEES, ...BLOBS }],
    ['one that sets code', { ...CALL, type: 4, ...FEES, authorizationList: [AUTHORIZATION] }],
  ])('is, of %s, that of ethers', (_, like) => {
    const transaction = Transaction.from(like);
    transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
    const encoded = encodeTransaction(toldOf(transaction));
    expect(`0x${Buffer.from(encoded ?? []).toString('hex')}`).toBe(transaction.serialized);
  });

  it('is none where a field is missing or ill-formed, or the type unknown', () => {
    const transaction = Transaction.from({ ...CALL, type: 2, ...FEES });
    transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
    const told = toldOf(transaction);
    for (const name of ['chainId', 'nonce', 'maxFeePerGas', 'gas', 'value', 'input', 'r', 's', 'v'])
      expect([name, encodeTransaction({ ...told, [name]: undefined })]).toEqual([name, null]);
    expect(encodeTransaction({ ...told, accessList: [{ address: TO }] })).not.toBeNull();
    expect(encodeTransaction({ ...told, accessList: [null] })).toBeNull();
    expect(encodeTransaction({ ...told, accessList: 'none' })).toBeNull();
    expect(encodeTransaction({ ...told, type: '0x7e' })).toBeNull();
    expect(encodeTransaction({ ...told, type: 'constructor' })).toBeNull();
  });
});
