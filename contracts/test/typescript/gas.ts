import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { ContractTransactionResponse } from 'ethers';
import hre from 'hardhat';
import { NO_DEADLINE, SUPPLY, launchToken, openMarket } from './support/market.js';

const SNAPSHOT = new URL('../../snapshots/gas.json', import.meta.url);
const IN = 10n ** 21n;

/** Gas of every operation in a market that others have used before, so that no slot is written for the first time twice. */
async function measure(): Promise<Record<string, number>> {
  const market = await openMarket();
  const { factory, manager, router, tokenA, tokenB, poolId, bob } = market;
  const third = await launchToken(market, 'Three', 'THREE');
  const mine = manager.connect(bob);
  const gas: Record<string, number> = {};
  const record = async (name: string, sent: Promise<ContractTransactionResponse>) => {
    const receipt = await (await sent).wait();
    gas[name] = Number(receipt?.gasUsed);
  };
  const route = await Promise.all([tokenA, tokenB, third].map((token) => token.getAddress()));
  await mine.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
  await mine.addLiquidity(poolId, IN, 5n * IN, 0n, 0n, NO_DEADLINE);

  await record('createToken', factory.createToken('Token', 'TOKEN', SUPPLY, 18, 'ipfs://meta'));
  await record('createPool', manager.createPool(tokenB, third, 10n ** 24n, 10n ** 24n, NO_DEADLINE));
  await record(
    'createTokenWithPool',
    factory.createTokenWithPool(
      { name: 'Token', symbol: 'TOKEN', totalSupply: SUPPLY, decimals: 18, metadataURI: 'ipfs://meta' },
      IN,
      tokenA,
      IN,
      NO_DEADLINE,
    ),
  );
  await record('addLiquidity', mine.addLiquidity(poolId, IN, 5n * IN, 0n, 0n, NO_DEADLINE));
  await record('removeLiquidity', mine.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE));
  await record('swap', mine.swap(poolId, tokenA, IN, 0n, NO_DEADLINE));
  await record(
    'swapExactInput over one pool',
    router.connect(bob).swapExactInput(route.slice(0, 2), IN, 0n, NO_DEADLINE, []),
  );
  await record(
    'swapExactInput over two pools',
    router.connect(bob).swapExactInput(route, IN, 0n, NO_DEADLINE, []),
  );
  await record(
    'swapExactOutput over two pools',
    router.connect(bob).swapExactOutput(route, IN, NO_DEADLINE, NO_DEADLINE, []),
  );
  await record('collectProtocolFees', mine.collectProtocolFees(tokenA));
  await record('deactivateToken', factory.deactivateToken(third));
  return gas;
}

describe('gas', () => {
  it('everyOperation_costsWhatTheSnapshotSays', async function () {
    // Code built for coverage counts its own steps.
    if (hre.globalOptions.coverage) return;
    const gas = await measure();
    if (process.env.UPDATE_SNAPSHOTS === '1') await writeFile(SNAPSHOT, `${JSON.stringify(gas, null, 2)}\n`);
    expect(gas, 'run "npm run snapshot -w contracts" where the change is meant').to.deep.equal(
      JSON.parse(await readFile(SNAPSHOT, 'utf8')),
    );
  });

  it('removeLiquidity_withTooLittleGas_failsWholeAndKeepsNothingBack', async function () {
    if (hre.globalOptions.coverage) return;
    const { manager, tokenA, tokenB, poolId, alice } = await openMarket();
    let paid = 0;
    for (let gasLimit = 80_000; paid < 20; gasLimit += 1_000) {
      const sent = await manager
        .removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE, { gasLimit })
        .catch(() => null);
      for (const token of [tokenA, tokenB])
        expect(await manager.keptFor(alice, token), `with ${gasLimit} gas`).to.equal(0n);
      if (sent !== null && (await sent.wait())?.status === 1) paid += 1;
      expect(gasLimit).to.be.lessThan(400_000);
    }
  });
});
