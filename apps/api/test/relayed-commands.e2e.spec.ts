import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCommandTag } from '@abland/chain';
import { requestStream, userStream } from '@abland/domain';
import { Interface, Wallet } from 'ethers';
import { signIn } from './api-client.js';
import { CREATE_TOKEN, DEACTIVATE_TOKEN, SUBMIT_SIGNATURE, SUBMIT_TRANSACTION } from './documents.js';
import { createTokenInput as token, type Market, newKey as key, openMarket, UNIT } from './market-fixture.js';
import { confirm } from './settle-request.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID, tokenFacts } from './test-chain.js';

const calls = new Interface(['function deactivateToken(address token)']);

let api: TestApi;
let market: Market;
const give = async (document: string, input: object) =>
  (await market.client.query(document, { input })).receipt;
const types = async (stream: string): Promise<string[]> => (await api.events(stream)).map(({ type }) => type);

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

describe('deactivateToken', () => {
  let address: string;
  beforeAll(async () => {
    address = Wallet.createRandom().address;
    const { commandId } = await give(CREATE_TOKEN, token({ decimals: 18 }));
    await deploy(address, commandId);
  });

  async function deploy(tokenAddress: string, commandId: string): Promise<void> {
    const txHash = api.chain.nextTxHash();
    const totalSupply = 1000n * UNIT;
    const creator = market.wallet.address;
    const facts = tokenFacts({ address: tokenAddress, creator, name: 'Nova 2', symbol: 'NOVA', totalSupply });
    const blockNumber = await api.chain.mine({ facts, txHash, commandId });
    await confirm(api, commandId, { txHash, blockNumber }, facts[1]);
    await api.settle();
  }

  it('is for the creator alone, and the log tells who tried', async () => {
    const other = Wallet.createRandom();
    const client = await signIn(api.client, other);
    const input = { idempotencyKey: key(), tokenAddress: address };
    const { extensions } = await client.refusal(DEACTIVATE_TOKEN, { input });
    expect(extensions).toMatchObject({
      code: 'FORBIDDEN',
      field: 'tokenAddress',
      details: { reason: 'NOT_THE_CREATOR' },
    });
    const rejected = (await api.events(userStream(other.address))).at(-1);
    expect(rejected?.data).toMatchObject({ command: 'deactivateToken', code: 'NOT_THE_CREATOR' });
  });

  it('gives its creator the transaction, and a second one nothing while the first is open', async () => {
    const input = { idempotencyKey: key(), tokenAddress: address };
    const receipt = await give(DEACTIVATE_TOKEN, input);
    expect(receipt).toMatchObject({ kind: 'DEACTIVATE_TOKEN', status: 'ACCEPTED' });
    expect(calls.decodeFunctionData('deactivateToken', receipt.transaction.data).toArray()).toEqual([
      address,
    ]);
    expect(readCommandTag(receipt.transaction.data)).toBe(receipt.commandId);
    expect(await give(DEACTIVATE_TOKEN, input)).toEqual(receipt);
    await api.settle();
    const { extensions } = await market.client.refusal(DEACTIVATE_TOKEN, {
      input: { ...input, idempotencyKey: key() },
    });
    expect(extensions).toMatchObject({ code: 'DEACTIVATION_PENDING', field: 'tokenAddress' });
    const txHash = api.chain.nextTxHash();
    const { receipt: told } = await market.client.query(SUBMIT_TRANSACTION, {
      commandId: receipt.commandId,
      txHash,
    });
    expect(told).toMatchObject({ kind: 'DEACTIVATE_TOKEN', status: 'SUBMITTED', txHash });
  });
});

describe('a relayed command', () => {
  it('asks for a signature and takes only that of its caller', async () => {
    const input = token({ execution: 'RELAYED' });
    const receipt = await give(CREATE_TOKEN, input);
    expect(receipt).toMatchObject({ status: 'ACCEPTED', execution: 'RELAYED', transaction: null });
    expect(await give(CREATE_TOKEN, input)).toEqual(receipt);
    const { domain, types: all, message } = receipt.signatureRequest;
    expect(domain).toMatchObject({
      name: 'AB.LAND Forwarder',
      verifyingContract: CONTRACTS.forwarder.toLowerCase(),
    });
    expect(message).toMatchObject({ from: market.wallet.address.toLowerCase(), nonce: '0' });
    const { EIP712Domain: _domain, ...signed } = all;
    const { commandId } = receipt;
    const forged = await Wallet.createRandom().signTypedData(domain, signed, message);
    const { extensions } = await market.client.refusal(SUBMIT_SIGNATURE, { commandId, signature: forged });
    expect(extensions).toMatchObject({ code: 'SIGNATURE_OF_ANOTHER', field: 'signature' });
    expect(await types(requestStream(commandId))).toEqual(['TokenCreationRequested', 'RelayRequested']);
    const signature = await market.wallet.signTypedData(domain, signed, message);
    const { receipt: authorized } = await market.client.query(SUBMIT_SIGNATURE, { commandId, signature });
    expect(authorized).toMatchObject({ status: 'ACCEPTED', signatureRequest: null });
    expect(await types(requestStream(commandId))).toEqual([
      'TokenCreationRequested',
      'RelayRequested',
      'RelayAuthorized',
    ]);
    await api.settle();
    const next = await give(CREATE_TOKEN, token({ execution: 'RELAYED' }));
    expect(next.signatureRequest.message.nonce).toBe('1');
  });

  it('takes its caller’s signature as hardware wallets write it, and keeps it as the forwarder takes it', async () => {
    const { commandId, signatureRequest } = await give(CREATE_TOKEN, token({ execution: 'RELAYED' }));
    const { domain, types: all, message } = signatureRequest;
    const { EIP712Domain: _domain, ...signed } = all;
    const signature = await market.wallet.signTypedData(domain, signed, message);
    const written = `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}`;
    await market.client.query(SUBMIT_SIGNATURE, { commandId, signature: written });
    const authorized = (await api.events(requestStream(commandId))).at(-1);
    expect(authorized).toMatchObject({ type: 'RelayAuthorized', data: { signature } });
    await api.settle();
  });

  it('is not sent by the caller', async () => {
    const { commandId } = await give(CREATE_TOKEN, token({ execution: 'RELAYED' }));
    const txHash = api.chain.nextTxHash();
    const { extensions } = await market.client.refusal(SUBMIT_TRANSACTION, { commandId, txHash });
    expect(extensions).toMatchObject({ code: 'WRONG_EXECUTION', field: 'commandId' });
  });

  it('is not offered where there is no forwarder', async () => {
    const without = await startTestApi({
      config: { chains: [{ chainId: CHAIN_ID, finalityDepth: 5, ...CONTRACTS, forwarder: null }] },
    });
    try {
      const client = await signIn(without.client, Wallet.createRandom());
      const before = await without.store.head();
      const { extensions } = await client.refusal(CREATE_TOKEN, { input: token({ execution: 'RELAYED' }) });
      expect(extensions).toMatchObject({ code: 'RELAY_UNAVAILABLE', field: 'execution' });
      expect(await without.store.head()).toBe(before);
    } finally {
      await without.stop();
    }
  });
});
