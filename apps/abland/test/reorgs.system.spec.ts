import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HDNodeWallet, Wallet } from 'ethers';
import { type ApiClient, createApiClient, type SessionTokens } from '../src/demo/api-client.js';
import * as documents from '../src/demo/documents.js';
import { isFinal } from '../src/demo/follow-command.js';
import { expectAsRebuilt, expectRebuiltAlike } from './as-rebuilt.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';
import { Trader, untilIt } from './trader.js';
import { WatchedApi } from './watched-api.js';

const run = promisify(execFile);

describe('the one command on a chain that takes blocks back', () => {
  const operator = Wallet.createRandom();
  let system: SystemUnderTest;
  let trader: Trader;
  beforeAll(async () => {
    system = await SystemUnderTest.create({
      OPERATOR_ADDRESSES: operator.address,
      CHAIN_FINALITY_DEPTH: String(FINALITY_DEPTH),
    });
    await system.start();
    await abland('demo', '--run', 'once', '--no-final');
    trader = await Trader.open(system, 'once');
  });
  afterAll(async () => {
    trader.close();
    await system.remove();
  });

  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;

  const snapshot = async (): Promise<string> => (await trader.provider.send('evm_snapshot', [])) as string;
  const takeBackTo = async (kept: string): Promise<void> => {
    expect(await trader.provider.send('evm_revert', [kept])).toBe(true);
  };
  const asRebuilt = (): Promise<string> => expectAsRebuilt(system, abland);
  /** As the operator's tool tells it, once that has heard of it. */
  const ended = (operationId: string, as: RegExp): Promise<void> =>
    untilIt(`ends operation ${operationId}`, async () =>
      as.test(await abland('operations', 'show', operationId).catch(() => '')),
    );
  const chain = async (): Promise<ChainView> =>
    (await trader.api.query<{ chains: ChainView[] }>(CHAINS)).chains[0] as ChainView;

  it('follows a reorg of five blocks while swaps go on, with the finality of each row', async () => {
    const kept = await snapshot();
    const gone = await trader.swap(5);
    await trader.command(gone[4]?.commandId ?? '');
    await takeBackTo(kept);
    const swapped = await trader.swap(7);
    for (const { commandId, txHash } of swapped)
      expect(await trader.command(commandId)).toMatchObject({ txHash });
    for (const { commandId } of gone) {
      const { finality } = await trader.command(commandId, ({ status }) => status === 'SUBMITTED');
      expect(finality).toBeNull();
    }
    await trader.untilAtHead();
    const rows = new Map((await trader.swaps()).map(({ finality, txHash }) => [txHash, finality]));
    expect(gone.filter(({ txHash }) => rows.has(txHash))).toEqual([]);
    for (const { txHash } of swapped) {
      const { confirmations = 0, status } = rows.get(txHash) ?? {};
      expect(confirmations).toBeGreaterThan(0);
      if (confirmations <= FINALITY_DEPTH) expect(status).toBe('CONFIRMED');
    }
    await trader.mine(FINALITY_DEPTH);
    for (const { commandId } of swapped) await trader.command(commandId, isFinal);
    await trader.untilAtHead();
    const left = await trader.swaps();
    const of = (hashes: readonly { readonly txHash: string }[]) =>
      left.filter(({ txHash }) => hashes.some((one) => one.txHash === txHash));
    expect(of(swapped).map(({ finality }) => finality.status)).toEqual(swapped.map(() => 'FINAL'));
    await asRebuilt();
  });

  it('stands before a deeper one, comes up the same way, and goes on by an operator’s word', async () => {
    const client = createApiClient(system.apiUrl);
    await openSession(operator, client);
    const kept = await snapshot();
    const gone = await trader.swap(2);
    await trader.mine(FINALITY_DEPTH + 1);
    for (const { commandId } of gone) await trader.command(commandId, isFinal);
    const watched = new WatchedApi(system);
    await takeBackTo(kept);
    const [instead] = await trader.swap(1);
    await trader.mine(FINALITY_DEPTH + 4);
    await untilIt('tells an alarm', async () => (await chain()).alarm !== null);
    const { alarm, finalizedBlock } = await chain();
    const theirs = await trader.provider.getBlock(alarm?.providerBlock ?? 0);
    expect(alarm).toMatchObject({
      reason: 'REORG_TOO_DEEP',
      provider: expect.stringContaining('127.0.0.1'),
    });
    expect(alarm).toMatchObject({ providerBlock: finalizedBlock, providerHash: theirs?.hash });

    // What needs nothing of the chain goes on.
    await client.query(
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { commandId } }',
      {
        input: { idempotencyKey: 'operator', displayName: 'Ada' },
      },
    );
    const decide = (decision: 'WAIT' | 'ACCEPT', alarmId: string) => ({
      input: {
        idempotencyKey: `${decision}-${alarmId}`,
        alarmId,
        decision,
        reason: 'The network went back',
      },
    });
    await expect(client.query(DECIDE, decide('ACCEPT', gone[0]?.commandId ?? ''))).rejects.toMatchObject({
      code: 'REORG_ALARM_OVER',
    });
    const { decideReorg } = await client.query<{ decideReorg: { operationId: string } }>(
      DECIDE,
      decide('WAIT', alarm?.id ?? ''),
    );
    await ended(decideReorg.operationId, /COMPLETED/);
    expect((await watched.stop()).failures).toEqual([]);
    expect(watched.answers).toBeGreaterThan(0);

    expect(await system.stop()).toBe(0);
    await system.start('SERVING');
    const failure = (): Promise<string | null> =>
      chain().then(
        (one) => one.failure,
        () => null,
      );
    await untilIt('tells the same trouble', async () => (await failure()) === 'REORG_TOO_DEEP');
    expect((await chain()).alarm).toEqual(alarm);
    // While nobody has decided, read models are built anew from the log as it is.
    await expectRebuiltAlike(abland);
    expect((await chain()).alarm).toEqual(alarm);

    const said = await abland(
      ...['chain', 'decide-reorg', '31337', '--accept', '--alarm', alarm?.id ?? ''],
      ...['--reason', 'The network went back'],
    );
    const operationId = /operation (\S+)/.exec(said)?.[1] ?? '';
    await ended(operationId, /COMPLETED[^]*blocksTakenBack/);
    await trader.untilAtHead();
    await untilIt('ends the alarm', async () => (await chain()).alarm === null);
    await system.untilReady();
    const hashes = (await trader.swaps()).map(({ txHash }) => txHash);
    expect(hashes).toContain(instead?.txHash);
    expect(gone.filter(({ txHash }) => hashes.includes(txHash))).toEqual([]);
    await asRebuilt();
  });
});

const FINALITY_DEPTH = 12;
const DECIDE = 'mutation ($input: DecideReorgInput!) { decideReorg(input: $input) { operationId } }';
const CHAINS =
  '{ chains { failure finalizedBlock alarm { id reason provider providerBlock providerHash } } }';

interface ChainView {
  readonly failure: string | null;
  readonly finalizedBlock: number;
  readonly alarm: {
    readonly id: string;
    readonly reason: string;
    readonly provider: string;
    readonly providerBlock: number;
    readonly providerHash: string;
  } | null;
}

async function openSession(wallet: HDNodeWallet, api: ApiClient): Promise<void> {
  const { requestSignIn } = await api.query<{ requestSignIn: { message: string } }>(
    documents.REQUEST_SIGN_IN,
    { address: wallet.address },
  );
  const { message } = requestSignIn;
  const signature = await wallet.signMessage(message);
  const { signIn } = await api.query<{ signIn: SessionTokens }>(documents.SIGN_IN, {
    message,
    signature,
  });
  api.authorize(signIn);
}
