import { randomUUID } from 'node:crypto';
import { encodeCreateToken, forwardRequestTypedData } from '@abland/chain';
import { relayerStream, type RequestCommand, requestDecider, requestStream, type Uuid } from '@abland/domain';
import { developmentAccounts } from '@abland/embedded/chain';
import { handleCommand, type RecordedEvent } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contract, type HDNodeWallet, JsonRpcProvider, Wallet } from 'ethers';
import { workersOnAChain, type WorkersOnAChain } from './workers-on-a-chain.fixture.js';

const TOKEN = { name: 'Shared', symbol: 'SHR', decimals: 2, metadataURI: 'ipfs://shared' };
const PATIENCE_MS = 120_000;
const SIGNERS = 6;
const EACH = 5;

describe('a worker with several senders', () => {
  let system: WorkersOnAChain;
  const senders = developmentAccounts().slice(2, 5);

  beforeAll(async () => {
    const keys = senders.map(({ privateKey }) => privateKey).join();
    system = await workersOnAChain({ RELAYER_PRIVATE_KEYS: keys });
  });
  afterAll(() => system.stop());

  const signed = async (): Promise<readonly RecordedEvent[]> =>
    (
      await Promise.all(
        senders.map(({ address }) => system.eventsOf(relayerStream(system.chain.chainId, address))),
      )
    ).flat();
  async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; !(await holds());) {
      if (Date.now() > giveUpAt) throw new Error(`Never: ${what}\n${system.workers.at(-1)?.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A person asks for a token and signs, with a nonce of its own. */
  async function request(user: HDNodeWallet, nonce: number): Promise<Uuid> {
    const commandId = randomUUID();
    const deadline = Math.floor(Date.now() / 1_000) + 600;
    const at = new Date().toISOString();
    const give = (command: RequestCommand): Promise<unknown> =>
      handleCommand(system.store, requestDecider, requestStream(commandId), command, {
        metadata: { correlationId: commandId, causationId: null, actor: user.address },
        eventId: () => randomUUID(),
      });
    const header = {
      commandId,
      chainId: system.chain.chainId,
      requester: user.address,
      execution: 'RELAYED',
      inputHash: '0x00',
      requestedAt: at,
      deadline: new Date(deadline * 1_000).toISOString(),
    } as const;
    const ask = { ...TOKEN, supply: 10n, description: '' };
    await give({ type: 'AskRequest', kind: 'CREATE_TOKEN', header, ask });
    const creation = { ...TOKEN, totalSupply: 1_000n, creationFeeWei: 0n };
    const { to, data, value } = encodeCreateToken(
      system.chain.contracts.tokenFactory ?? '',
      creation,
      commandId,
    );
    const forward = { from: user.address, to, value, gas: '4000000', nonce: String(nonce), deadline, data };
    await give({ type: 'RequestRelay', forward });
    const reference = { chainId: system.chain.chainId, forwarder: system.chain.contracts.forwarder ?? '' };
    const { domain, types, message } = forwardRequestTypedData(reference, forward);
    const fields = [...(types.ForwardRequest ?? [])];
    const signature = await user.signTypedData(domain, { ForwardRequest: fields }, message);
    await give({ type: 'AuthorizeRelay', signature, signer: user.address, at });
    return commandId;
  }

  it('carries out 30 requests of 6 signers over 3 accounts, none twice, though it is killed in the middle', async () => {
    const first = await system.start();
    const users = Array.from({ length: SIGNERS }, () => Wallet.createRandom());
    const asked = (
      await Promise.all(
        users.map((user) =>
          Promise.all(Array.from({ length: EACH - 1 }, (_, nonce) => request(user, nonce))),
        ),
      )
    ).flat();
    await until(async () => (await signed()).length >= 8, 'the first are signed');
    await first.end('SIGKILL');
    asked.push(...(await Promise.all(users.map((user) => request(user, EACH - 1))))); // whatever was done before
    await system.start();
    await until(async () => {
      const told = await Promise.all(
        asked.map(async (id) => (await system.eventsOf(requestStream(id))).at(-1)?.type),
      );
      return told.every((type) => type === 'RequestConfirmed' || type === 'RequestFinalized');
    }, 'all are confirmed');
    const commands = (await signed()).map(({ data }) => data['commandId']);
    expect(commands.toSorted()).toEqual(asked.toSorted());
    const provider = new JsonRpcProvider(system.chain.rpcUrl, system.chain.chainId, { staticNetwork: true });
    try {
      const abi = ['function tokenCountOf(address creator) view returns (uint256)'];
      const factory = new Contract(system.chain.contracts.tokenFactory ?? '', abi, provider);
      for (const { address } of users)
        expect(await factory.getFunction('tokenCountOf')(address)).toBe(BigInt(EACH));
      const counts = await Promise.all(senders.map(({ address }) => provider.getTransactionCount(address)));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(asked.length);
    } finally {
      provider.destroy();
    }
  });
});
