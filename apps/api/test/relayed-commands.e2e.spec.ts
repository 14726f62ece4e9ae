import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCommandTag } from '@abland/chain';
import { requestStream, userStream } from '@abland/domain';
import { Interface, type TypedDataDomain, type TypedDataField, Wallet } from 'ethers';
import { signIn } from './api-client.js';
import { CREATE_TOKEN, DEACTIVATE_TOKEN, SUBMIT_SIGNATURE, SUBMIT_TRANSACTION } from './documents.js';
import { createTokenInput as token, type Market, newKey as key, openMarket, UNIT } from './market-fixture.js';
import { confirm, progress } from './settle-request.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID, creationFeeFact, tokenFacts } from './test-chain.js';

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

/** What the factory takes for a token, in wei. */
async function creationFee(newFee: string): Promise<void> {
  await api.chain.mine({ facts: [creationFeeFact('0', newFee)], txHash: api.chain.nextTxHash() });
  await api.settle();
}

interface Asked {
  readonly commandId: string;
  readonly signatureRequest: { domain: TypedDataDomain; types: Types; message: { nonce: string } };
}
type Types = Record<string, TypedDataField[]>;

/** Somebody who lets our sender carry what they ask for. */
async function person() {
  const wallet = Wallet.createRandom();
  const client = await signIn(api.client, wallet);
  const ask = async (input = token({ execution: 'RELAYED' })): Promise<Asked> =>
    (await client.query(CREATE_TOKEN, { input })).receipt;
  const sign = async ({ commandId, signatureRequest: { domain, types: all, message } }: Asked) => {
    const { EIP712Domain: _domain, ...signed } = all;
    return { commandId, signature: await wallet.signTypedData(domain, signed, message) };
  };
  const handIn = async (asked: Asked) =>
    (await client.query(SUBMIT_SIGNATURE, await sign(asked))).receipt.status as string;
  return { wallet, client, ask, sign, handIn };
}

const nonceOf = ({ signatureRequest: { message } }: Asked): number => Number(message.nonce);

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
  beforeAll(async () => {
    await creationFee('0');
  });

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
    const stranger = await signIn(api.client, Wallet.createRandom());
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
    expect(await give(CREATE_TOKEN, input)).toEqual(authorized);
    const { receipt: again } = await market.client.query(SUBMIT_SIGNATURE, { commandId, signature });
    expect(again).toEqual(authorized);
    const late = await market.client.refusal(SUBMIT_SIGNATURE, { commandId, signature: forged });
    expect(late.extensions).toMatchObject({ code: 'SIGNATURE_OF_ANOTHER', field: 'signature' });
    const { extensions: hidden } = await stranger.refusal(SUBMIT_SIGNATURE, { commandId, signature });
    expect(hidden).toMatchObject({ code: 'COMMAND_NOT_FOUND', field: 'commandId', details: {} });
    expect(await types(requestStream(commandId))).toHaveLength(3);
    const next = await give(CREATE_TOKEN, token({ execution: 'RELAYED' }));
    expect(next.signatureRequest.message.nonce).toBe('1');
  });

  it('carries no value: one that costs a fee is refused before anything is signed', async () => {
    await creationFee('1000');
    const { client } = await person();
    const { extensions } = await client.refusal(CREATE_TOKEN, { input: token({ execution: 'RELAYED' }) });
    expect(extensions).toMatchObject({
      code: 'RELAY_VALUE_REFUSED',
      field: 'execution',
      details: { value: '1000' },
    });
    await client.query(CREATE_TOKEN, { input: token({ execution: 'WALLET' }) });
    await creationFee('0');
  });

  it('takes its caller’s signature as hardware wallets write it, and keeps it as the forwarder takes it', async () => {
    const { ask, client, sign } = await person();
    const { commandId, signature } = await sign(await ask());
    const written = `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}`;
    await client.query(SUBMIT_SIGNATURE, { commandId, signature: written });
    const authorized = (await api.events(requestStream(commandId))).at(-1);
    expect(authorized).toMatchObject({ type: 'RelayAuthorized', data: { signature } });
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

describe('several relayed commands of one wallet', () => {
  // What is offered lapses by the clock.
  beforeAll(() => api.clock.stand());

  it('have a nonce each though they are given at once, and are all signed, in whatever order that arrives', async () => {
    const { ask, handIn } = await person();
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(asked.map(nonceOf).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const statuses = await Promise.all(asked.reverse().map(handIn));
    expect(new Set(statuses)).toEqual(new Set(['ACCEPTED']));
    for (const { commandId } of asked) {
      expect(await types(requestStream(commandId))).toContain('RelayAuthorized');
    }
    expect(nonceOf(await ask())).toBe(6);
  });

  it('do not wait for one that nobody signed in its time, which asks for another signature', async () => {
    const { ask, client, handIn, sign } = await person();
    const input = token({ execution: 'RELAYED' });
    const left = await ask(input);
    api.clock.advance(31_000);
    const signed = await ask();
    expect([left, signed].map(nonceOf)).toEqual([0, 0]);
    expect(await handIn(signed)).toBe('ACCEPTED');
    const { extensions } = await client.refusal(SUBMIT_SIGNATURE, await sign(left));
    expect(extensions).toMatchObject({ code: 'RELAY_NONCE_USED', field: 'signature' });
    const again = await ask(input);
    expect([again.commandId, nonceOf(again)]).toEqual([left.commandId, 1]);
    expect(await handIn(again)).toBe('ACCEPTED');
  });

  it('are signed in order: one that goes before another asks for a signature with the nonce that is next', async () => {
    const { ask, client, handIn, sign } = await person();
    const input = token({ execution: 'RELAYED' });
    const earlier = await ask();
    const later = await ask(input);
    expect([earlier, later].map(nonceOf)).toEqual([0, 1]);
    const { extensions } = await client.refusal(SUBMIT_SIGNATURE, await sign(later));
    expect(extensions).toMatchObject({ code: 'RELAY_OUT_OF_TURN', field: 'signature' });
    expect(await types(requestStream(later.commandId))).not.toContain('RelayAuthorized');
    const again = await ask(input);
    expect(nonceOf(again)).toBe(0);
    expect(await handIn(again)).toBe('ACCEPTED');
  });

  it('have the nonce again of one that ended without using it', async () => {
    const { ask, handIn } = await person();
    const [failed, other] = [await ask(), await ask()];
    await handIn(failed);
    await handIn(other);
    await progress(api, failed.commandId, {
      type: 'FailRequest',
      code: 'REFUSED_BY_SIMULATION',
      reason: 'No',
    });
    expect(nonceOf(await ask())).toBe(0);
    expect(nonceOf(await ask())).toBe(2);
  });

  it('are refused where too many wait', async () => {
    const { ask, client } = await person();
    // Those of one person are in turn: the last of many at once waits longer on a busy machine than an answer may take.
    for (let waiting = 0; waiting < 32; waiting += 8)
      await Promise.all(Array.from({ length: 8 }, () => ask()));
    const { extensions } = await client.refusal(CREATE_TOKEN, { input: token({ execution: 'RELAYED' }) });
    expect(extensions).toMatchObject({ code: 'RELAY_QUEUE_FULL', field: 'execution', details: { max: 32 } });
  });
});
