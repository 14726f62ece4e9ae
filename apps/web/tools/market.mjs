// A market for pictures: tokens, pools and a day of trades by several people, made at the contracts directly while the clock of the whole
// system is led from yesterday to now. Nothing in it stands for anything.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Contract, HDNodeWallet, id, JsonRpcProvider, NonceManager, Wallet } from 'ethers';
import { root, until, url } from './own-system.mjs';

const UNIT = 10n ** 18n;
const HOUR_MS = 3_600_000;
const MNEMONIC = 'test test test test test test test test test test test junk';
const TOKENS = [
  ['Aurora', 'AUR', 1_000_000n],
  ['Boreal', 'BOR', 5_000_000n],
  ['Cinder', 'CNDR', 21_000_000n],
  ['Driftwood', 'DRFT', 800_000n],
  ['Ember', 'EMBR', 64_000_000n],
  ['Fathom', 'FTHM', 12_500_000n],
  ['Glimmer', 'GLMR', 300_000n],
  ['Harbor', 'HRBR', 9_000_000n],
  ['Iris', 'IRIS', 1_500_000n],
  ['Juniper', 'JNPR', 42_000_000n],
];
/** Whole tokens: of the token, and of AUR beside it. */
const POOLS = [
  ['BOR', 600_000n, 90_000n],
  ['CNDR', 4_000_000n, 60_000n],
  ['DRFT', 90_000n, 75_000n],
  ['EMBR', 20_000_000n, 40_000n],
  ['FTHM', 2_000_000n, 50_000n],
  ['GLMR', 30_000n, 66_000n],
  ['HRBR', 1_500_000n, 30_000n],
  ['IRIS', 200_000n, 45_000n],
];
const TRADES = 360;
/** Every process looks at the clock's file ten times a second. */
const STEP_MS = 130;

/** Numbers that look drawn at random and are the same each time. */
function drawing(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const abiOf = (name) => JSON.parse(readFileSync(join(root, `schemas/abi/${name}.json`), 'utf8'));

async function ask(query) {
  const response = await fetch(`${url}/graphql`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}

/** @param clockFile what the system's clock is off by, in milliseconds; is 0 at the end */
export async function makeMarket(rpcUrl, clockFile) {
  const provider = new JsonRpcProvider(rpcUrl, undefined, {
    pollingInterval: 50,
    cacheTimeout: -1,
    batchMaxCount: 1,
  });
  const { _meta } = await ask('{ _meta { contracts { tokenFactory liquidityManager } } }');
  const { liquidityManager, tokenFactory } = _meta.contracts;
  const account = (index) =>
    new NonceManager(HDNodeWallet.fromPhrase(MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider));
  // The first development account is who signs in for the pictures.
  const maker = account(0);
  const traders = [maker, account(2), account(3), ...(await funded(provider, account(9)))];
  const abis = {
    factory: abiOf('ABTokenFactory'),
    manager: abiOf('ABLiquidityManager'),
    token: abiOf('ABToken'),
  };
  const at = (address, abi, signer) => new Contract(address, abi, signer);
  const draw = drawing(7);
  const done = async (sent) => (await sent).wait();

  const factory = at(tokenFactory, abis.factory, maker);
  const tokens = new Map();
  for (const [name, symbol, supply] of TOKENS) {
    const receipt = await done(factory.createToken(name, symbol, supply * UNIT, 18, ''));
    const made = receipt.logs
      .map((log) => factory.interface.parseLog(log))
      .find((log) => log?.name === 'TokenCreated');
    tokens.set(symbol, made.args[0]);
  }
  for (const [index, trader] of traders.entries()) {
    for (const [, symbol, supply] of TOKENS) {
      const token = tokens.get(symbol);
      if (index > 0)
        await done(at(token, abis.token, maker).transfer(await trader.getAddress(), (supply * UNIT) / 40n));
      await done(at(token, abis.token, trader).approve(liquidityManager, 2n ** 255n));
    }
  }
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 86_400);
  const manager = at(liquidityManager, abis.manager, maker);
  const pools = [];
  for (const [symbol, amount, beside] of POOLS) {
    const [own, other] = [tokens.get(symbol), tokens.get('AUR')];
    await done(manager.createPool(own, other, amount * UNIT, beside * UNIT, deadline));
    pools.push({ id: await manager.poolIdOf(own, other), own, other, amount, beside, way: draw() - 0.42 });
  }
  const from = Number(readFileSync(clockFile, 'utf8'));
  for (let trade = 0; trade < TRADES; trade += 1) {
    writeFileSync(clockFile, String(Math.round(from * (1 - (trade + 1) / TRADES))));
    const pool = pools[Math.floor(draw() ** 1.6 * pools.length)];
    const trader = traders[Math.floor(draw() * traders.length)];
    const buys = draw() < 0.5 + pool.way * 0.35 + 0.2 * Math.sin(trade / 17);
    const part = BigInt(Math.round(20 + draw() ** 3 * 1_400));
    const [paid, amount] = buys ? [pool.other, pool.beside] : [pool.own, pool.amount];
    const by = at(liquidityManager, abis.manager, trader);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    await done(by.swap(pool.id, paid, (amount * UNIT * part) / 100_000n, 0, deadline)).catch(() =>
      trader.reset(),
    );
  }
  writeFileSync(clockFile, '0');
  const head = await provider.getBlockNumber();
  await until(
    async () => (await ask('{ _meta { indexedBlock } }'))._meta.indexedBlock >= head,
    'the market is indexed',
  );
  provider.destroy();
  return { tokens, pools };
}

/** Two people more, with coins for gas. */
async function funded(provider, payer) {
  const wallets = ['one', 'two'].map((name) => new NonceManager(new Wallet(id(`picture ${name}`), provider)));
  for (const wallet of wallets)
    await (await payer.sendTransaction({ to: await wallet.getAddress(), value: UNIT * 5n })).wait();
  return wallets;
}

export const YESTERDAY_MS = -20 * HOUR_MS;
