import { setTimeout as sleep } from 'node:timers/promises';
import { JsonRpcProvider } from 'ethers';
import { createApiClient } from '../../../dist/demo/api-client.js';
import * as documents from '../../../dist/demo/documents.js';
import { followCommand, isFinal, isOnChain } from '../../../dist/demo/follow-command.js';
import { openWallet } from '../../../dist/demo/wallet-session.js';
import { ANSWERS } from './answers.mjs';
import { proposeAndVote } from './proposals.mjs';

const UNIT = 10n ** 18n;
const RECEIPT = 'commandId status approvals { to data value } transaction { to data value }';
const mutation = (name) =>
  `mutation ($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { receipt: ${name}(input: $input) { ${RECEIPT} } }`;
const SOON_MS = 30_000;
const DAY_MS = 24 * 3_600_000 - 600_000;

/** Leaves something of nearly everything behind: requests of each kind and each end, a reorg, a proposal, an erased person, operations. */
export async function tellStory(system, say) {
  const provider = new JsonRpcProvider(system.rpcUrl, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  try {
    for (const run of ['first', 'second']) {
      say(`demo, ${run}`);
      await system.command('demo', '--run', run);
    }
    const market = new Market(system, provider, await signedIn(system, provider, 'first'), say);
    await market.perform();
    await proposeAndVote(system, provider, say);
    await market.leaveOpen();
    await erase(system, provider, say);
    say('operations');
    await system.command('projections', 'rebuild', 'holdings', '--reason', 'Recorded for upgrades');
    await settle(system, provider);
    return { ...(await describe(market)), answers: await answersOf(market.api) };
  } finally {
    provider.destroy();
  }
}

async function signedIn(system, provider, run) {
  const api = createApiClient(system.apiUrl);
  return { api, session: await openWallet(run, provider, api) };
}

class Market {
  constructor(system, provider, { api, session }, say) {
    Object.assign(this, { system, provider, api, session, say });
  }

  async perform() {
    const { api, provider } = this;
    await api.query('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { commandId } }', {
      input: {
        idempotencyKey: 'profile',
        displayName: 'Žofie Němcová',
        email: 'zofie@example.org',
        bio: 'Keeps bees',
      },
    });
    const { pools } = await api.query(
      '{ pools { edges { node { id creator tokenA { address } tokenB { address } } } } }',
    );
    this.pool = pools.edges.find(({ node }) => node.creator === this.session.address).node;
    this.say('removes liquidity, deactivates a token');
    const soon = new Date(Date.now() + SOON_MS).toISOString();
    const late = await this.ask('swap', { ...this.swap(5n * UNIT), deadline: soon }, 'late');
    await this.done('removeLiquidity', {
      poolId: this.pool.id,
      liquidity: `${100n * UNIT}`,
      slippageBps: 50,
    });
    const cedar = { name: 'Cedar', symbol: 'CED', supply: '1000', decimals: 6, description: 'Soon gone' };
    const { token } = await this.done('createToken', cedar);
    await this.done('deactivateToken', { tokenAddress: token });
    await this.refused();
    await this.reverted();
    await this.lostInReorg();
    await provider.send('evm_mine', []);
    this.say('lets a deadline pass');
    await this.untilStatus(late.commandId, 'EXPIRED');
  }

  swap(amount = UNIT) {
    const { tokenA, tokenB } = this.pool;
    return { tokenIn: tokenA.address, tokenOut: tokenB.address, amountIn: `${amount}`, slippageBps: 50 };
  }

  async ask(name, input, key = `${name}-${JSON.stringify(input).length}`) {
    const { receipt } = await this.api.query(mutation(name), { input: { idempotencyKey: key, ...input } });
    return receipt;
  }

  async done(name, input) {
    const receipt = await this.ask(name, input);
    for (const approval of receipt.approvals) await this.session.send(approval);
    await this.session.send(receipt.transaction);
    return followCommand(this.api, receipt.commandId, isFinal);
  }

  /** A rule refuses it, and that is recorded. */
  async refused() {
    this.say('asks for a pool that there is');
    const { tokenA, tokenB } = this.pool;
    const input = { tokenA: tokenA.address, tokenB: tokenB.address, amountA: '1000000', amountB: '1000000' };
    const code = await this.ask('createPool', input).then(
      () => 'none',
      (error) => error.code,
    );
    if (code !== 'POOL_EXISTS') throw new Error(`A second pool was refused with ${code}`);
  }

  async reverted() {
    this.say('sends what the chain refuses');
    const { commandId, transaction } = await this.ask('swap', this.swap(2n * UNIT), 'reverted');
    const { to, data, value } = transaction;
    const { hash } = await this.session.wallet.sendTransaction({
      to,
      data,
      value: BigInt(value),
      gasLimit: 1_000_000,
    });
    await this.api.query(documents.SUBMIT_TRANSACTION, { commandId, txHash: hash });
    await this.untilStatus(commandId, 'REVERTED');
  }

  async lostInReorg() {
    this.say('loses a swap in a reorg');
    const { commandId, approvals, transaction } = await this.ask('swap', this.swap(3n * UNIT), 'lost');
    for (const approval of approvals) await this.session.send(approval);
    const snapshot = await this.provider.send('evm_snapshot', []);
    await this.session.send(transaction);
    await followCommand(this.api, commandId, isOnChain);
    await this.provider.send('evm_revert', [snapshot]);
    for (let block = 0; block < 2; block += 1) await this.provider.send('evm_mine', []);
    await this.untilStatus(commandId, 'ACCEPTED', 'SUBMITTED');
  }

  /** One that nobody sent, and one that nobody signed for our sender. */
  async leaveOpen() {
    this.say('leaves requests open');
    const deadline = new Date(Date.now() + DAY_MS).toISOString();
    const { commandId } = await this.ask('swap', { ...this.swap(4n * UNIT), deadline }, 'open');
    const relayed = {
      name: 'Dune',
      symbol: 'DUN',
      supply: '1',
      decimals: 0,
      description: '',
      execution: 'RELAYED',
    };
    await this.ask('createToken', { ...relayed, deadline }, 'unsigned');
    this.open = commandId;
    this.asked = {
      document: mutation('swap'),
      input: { idempotencyKey: 'open', ...this.swap(4n * UNIT), deadline },
    };
  }

  async untilStatus(id, ...wanted) {
    for (const giveUpAt = Date.now() + 120_000; ;) {
      const { command } = await this.api.query(documents.COMMAND, { id });
      if (wanted.includes(command?.status)) return;
      if (Date.now() > giveUpAt) throw new Error(`${id} is ${command?.status} rather than ${wanted}`);
      await sleep(50);
    }
  }
}

async function erase(system, provider, say) {
  say('erases a person');
  const { api, session } = await signedIn(system, provider, 'second');
  await api.query('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { commandId } }', {
    input: { idempotencyKey: 'profile', displayName: 'Soon erased', email: 'gone@example.org' },
  });
  await system.command('users', 'erase', session.address, '--reason', 'Asked by letter');
}

/** Until all that follows the log has seen all of it: nothing is appended any more, and nothing is behind. */
async function settle(system, provider) {
  await provider.send('evm_mine', []);
  let before = '';
  for (let quiet = 0; quiet < 20;) {
    await sleep(250);
    const stats = await system.command('events', 'stats', '--json');
    const status = await system.command('projections', 'status');
    quiet = stats === before && !/behind [1-9]/.test(status) ? quiet + 5 : 0;
    before = stats;
  }
}

const answersOf = async (api) =>
  Promise.all(
    Object.entries(ANSWERS).map(async ([name, document]) => ({
      name,
      document,
      data: await api.query(document),
    })),
  );

async function describe({ api, session, open, asked }) {
  const { _meta, governance } = await api.query(
    `{ _meta { chainId contracts { tokenFactory liquidityManager forwarder } } governance { governor timelock token } }`,
  );
  return {
    chain: { chainId: _meta.chainId, contracts: { ..._meta.contracts, governance } },
    person: { privateKey: session.wallet.privateKey, address: session.address },
    open: { commandId: open, ...asked },
  };
}
