import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AblandClient, FollowSwapsDocument, type FollowSwapsSubscription } from '@abland/client';
import { DEVELOPMENT_MNEMONIC } from '@abland/embedded/chain';
import { until } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contract, HDNodeWallet, JsonRpcProvider } from 'ethers';
import { SystemUnderTest } from './system-under-test.js';

const BOT = fileURLToPath(new URL('../../../libs/client/examples/bot.ts', import.meta.url));
const UNIT = 10n ** 18n;
const RETRIES = { attemptsMax: 60, pauseMs: 200, pauseMsMax: 2_000 };

const account = (index: number, provider: JsonRpcProvider): HDNodeWallet =>
  HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider);

describe('the client and the bot of its examples, beside a running system', () => {
  let system: SystemUnderTest;
  let provider: JsonRpcProvider;
  let client: AblandClient;
  let maker: HDNodeWallet;
  let owner: HDNodeWallet;
  let bot: ChildProcess;
  let said = '';

  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    provider = new JsonRpcProvider(system.rpcUrl, undefined, { pollingInterval: 50, cacheTimeout: -1 });
    [maker, owner] = [account(6, provider), account(7, provider)];
    client = new AblandClient({ url: system.apiUrl, retries: RETRIES });
    await client.signIn(maker);
  });
  afterAll(async () => {
    bot?.kill('SIGKILL');
    await client?.close();
    provider?.destroy();
    await system?.remove();
  });

  async function token(symbol: string): Promise<string> {
    const input = {
      idempotencyKey: randomUUID(),
      name: symbol,
      symbol,
      description: '',
      supply: '1000000',
      decimals: 18,
    };
    const { token: made } = await client.perform('createToken', input);
    if (made === null || made === undefined) throw new Error('It was created without an address');
    return made;
  }
  function startBot(poolId: string): void {
    const env = {
      ...{ ...process.env, NODE_OPTIONS: '', ABLAND_URL: system.apiUrl, RPC_URL: system.rpcUrl },
      ...{ POOL_ID: poolId, PRIVATE_KEY: owner.privateKey },
    };
    bot = spawn(process.execPath, [BOT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [bot.stdout, bot.stderr])
      stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  }
  const answers = (): number => said.split('\n').filter((line) => line.startsWith('CONFIRMED')).length;

  it('launch a market, answer what others do in it, and go on through a kill of the system', async () => {
    const [one, other] = [await token('ONE'), await token('TWO')];
    const amounts = { amountA: `${1_000n * UNIT}`, amountB: `${1_000n * UNIT}` };
    const { poolId } = await client.perform('createPool', {
      ...{ idempotencyKey: randomUUID(), tokenA: one, tokenB: other, ...amounts },
    });
    if (poolId === null || poolId === undefined) throw new Error('It was opened without an id');
    const paid = new Contract(other, ['function transfer(address, uint256) returns (bool)'], maker);
    const transfer = await paid.getFunction('transfer').send(owner.address, 100n * UNIT);
    await transfer.wait(1);

    const seen: FollowSwapsSubscription['change'][] = [];
    const end = new AbortController();
    const following = (async () => {
      const filter = { poolId };
      for await (const { change } of client.follow(FollowSwapsDocument, { filter }, end.signal))
        seen.push(change);
    })();
    const swap = () =>
      client.perform('swap', {
        idempotencyKey: randomUUID(),
        tokenIn: one,
        tokenOut: other,
        amountIn: `${UNIT}`,
      });
    startBot(poolId);
    await until(
      () => said.includes('follows'),
      () => said,
    );
    await swap();
    await until(
      () => answers() === 1,
      () => said,
    );
    await system.kill('main');
    await system.start();
    await swap();
    await until(
      () => answers() === 2,
      () => said,
    );
    const users = (): readonly string[] => seen.flatMap(({ swaps }) => swaps.map(({ user }) => user));
    await until(
      () => users().length >= 4,
      () => said,
    );
    end.abort();
    await following;
    expect(users()).toEqual([maker.address, owner.address, maker.address, owner.address]);
    expect(new Set(seen.map(({ cursor }) => cursor)).size).toBe(seen.length);
    bot.kill('SIGTERM');
    expect(await once(bot, 'close')).toEqual([0, null]);
  });
});
