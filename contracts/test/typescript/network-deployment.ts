import { expect } from 'chai';
import type { HardhatEthers, HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { keccak256, makeError, type Signer } from 'ethers';
import hre, { network } from 'hardhat';
import {
  continuedPlan,
  DeploymentPlanError,
  deploymentOptions,
  deploymentRecord,
  DeploymentVerificationError,
  EMBEDDED,
  estimateGas,
  executePlan,
  formatRecord,
  NetworkMismatchError,
  networkOf,
  parseRecord,
  planDeployment,
  recordedPlan,
  recordedTransactions,
  requireChain,
  standardInput,
  verifyPlan,
  type DeployedContract,
  type DeploymentPlan,
} from '../../src/index.js';
import { readCompiler } from '../../src/compiled/artifact.js';

const OPTIONS = { governance: EMBEDDED.governance };

/** A signer whose connection breaks after some transactions. */
function breakingAfter(signer: HardhatEthersSigner, transactions: number): Signer {
  let sent = 0;
  return new Proxy(signer, {
    get(target, property, receiver) {
      if (property !== 'sendTransaction') return Reflect.get(target, property, receiver) as unknown;
      return async (...args: Parameters<typeof signer.sendTransaction>) => {
        if (sent === transactions) throw new Error('the connection broke');
        sent += 1;
        return target.sendTransaction(...args);
      };
    },
  });
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('a failure expected'),
    (error: unknown) => error,
  );
}

describe('deployment of a network', function () {
  // Code built for coverage is not the code that is committed.
  if (hre.globalOptions.coverage) return;
  let ethers: HardhatEthers;
  let deployer: HardhatEthersSigner;
  let plan: DeploymentPlan;

  beforeEach(async () => {
    ({ ethers } = await network.create());
    const [signer] = await ethers.getSigners();
    if (!signer) throw new Error('the chain has no accounts');
    deployer = signer;
    plan = planDeployment(deployer.address, await deployer.getNonce(), OPTIONS);
  });

  const deploy = (signer: Signer = deployer, known = new Map<string, string>()) =>
    executePlan(signer, plan, { confirmations: 1, known });

  it('lands where it was planned and is as it was meant, for as much gas as it said', async () => {
    const said = await Promise.all(
      plan.contracts.map((contract) => estimateGas(ethers.provider, deployer.address, contract)),
    );
    const deployed = await deploy();
    await verifyPlan(ethers.provider, plan);
    expect(deployed.map(({ address }) => address)).to.deep.equal(
      plan.contracts.map(({ address }) => address),
    );
    for (const [index, { transactionHash, name }] of deployed.entries()) {
      const receipt = await ethers.provider.getTransactionReceipt(transactionHash);
      const { gas = 0n, isLeast = true } = said[index] ?? {};
      expect(receipt?.gasUsed, name).to.be.at.least((gas * 9n) / 10n);
      if (!isLeast) expect(receipt?.gasUsed, name).to.be.at.most(gas);
    }
  });

  it('goes on after a failure at any step, to the same addresses and with no contract twice', async () => {
    for (let step = 0; step < 8; step += 1) {
      const { ethers: chain } = await network.create();
      const [signer] = await chain.getSigners();
      if (!signer) throw new Error('the chain has no accounts');
      const found: DeployedContract[] = [];
      const onDeployed = async (contract: DeployedContract) => void found.push(contract);
      await failure(executePlan(breakingAfter(signer, step), plan, { confirmations: 1, onDeployed }));
      expect(found.length).to.equal(step);
      // As the operator's command does: from the record, with the nonce that the account has by then.
      const record = parseRecord(
        formatRecord(deploymentRecord('embedded', 31_337, plan, found, 'unfinished')),
      );
      const going = continuedPlan(record, 'embedded', signer.address, await signer.getNonce(), OPTIONS);
      const known = step % 2 === 0 ? recordedTransactions(record) : new Map<string, string>();
      const deployed = await executePlan(signer, going, { confirmations: 1, known });
      expect(deployed.slice(0, step)).to.deep.equal(found);
      expect(await signer.getNonce()).to.equal(plan.contracts.length);
      await verifyPlan(chain.provider, going);
    }
  });

  it('finds what another deployment of the same account makes at the same time, and makes no contract twice', async () => {
    const { ethers: chain } = await network.create();
    const [signer] = await chain.getSigners();
    if (!signer) throw new Error('the chain has no accounts');
    let sent = 0;
    const comesLate = new Proxy(signer, {
      get(target, property, receiver) {
        if (property !== 'sendTransaction') return Reflect.get(target, property, receiver) as unknown;
        return async (...args: Parameters<typeof signer.sendTransaction>) => {
          const made = await target.sendTransaction(...args);
          sent += 1;
          if (sent % 2 === 0) return made;
          throw makeError('nonce has already been used', 'NONCE_EXPIRED', { transaction: args[0] });
        };
      },
    });
    const isNew: boolean[] = [];
    const onDeployed = async (_: DeployedContract, made: boolean) => void isNew.push(made);
    const deployed = await executePlan(comesLate, plan, { confirmations: 1, onDeployed });
    expect(isNew).to.deep.equal(plan.contracts.map((_, index) => index % 2 === 1));
    expect(deployed.map(({ address }) => address)).to.deep.equal(
      plan.contracts.map(({ address }) => address),
    );
    expect(await signer.getNonce()).to.equal(plan.contracts.length);
    await verifyPlan(chain.provider, plan);
  });

  it('waits for what another deployment has sent and no block has yet, and ends where none comes', async () => {
    const { ethers: chain, provider } = await network.create();
    const [signer] = await chain.getSigners();
    if (!signer) throw new Error('the chain has no accounts');
    const first = async () => executePlan(signer, plan, { confirmations: 1, minedWithinMs: 0 });
    await provider.request({ method: 'evm_setAutomine', params: [false] });
    await failure(first()); // it has sent one, and gone
    expect(String(await failure(first()))).to.match(
      /ABForwarder: its nonce is sent but not mined; try again/,
    );
    const going = executePlan(signer, plan, { confirmations: 1 });
    await provider.request({ method: 'evm_setAutomine', params: [true] });
    await provider.request({ method: 'evm_mine', params: [] });
    expect(await going).to.have.length(plan.contracts.length);
    expect(await signer.getNonce()).to.equal(plan.contracts.length);
  });

  it('ends where no block comes, says which transaction it waits for, and goes on once it is mined', async () => {
    const { ethers: chain, provider } = await network.create();
    const [signer] = await chain.getSigners();
    if (!signer) throw new Error('the chain has no accounts');
    await provider.request({ method: 'evm_setAutomine', params: [false] });
    const limits = { confirmations: 1, minedWithinMs: 200 };
    const late = await failure(executePlan(signer, plan, limits));
    expect(late).to.be.instanceOf(DeploymentPlanError);
    expect(String(late)).to.match(
      /ABForwarder: transaction 0x\w{64} had not a block within 0\.2 s; try again/,
    );
    expect(await chain.provider.getTransactionCount(signer.address, 'pending')).to.equal(1);
    await provider.request({ method: 'evm_mine', params: [] });
    await provider.request({ method: 'evm_setAutomine', params: [true] });
    expect(await executePlan(signer, plan, { confirmations: 1 })).to.have.length(plan.contracts.length);
  });

  it('does not go on with other parameters, nor with a complete deployment', async () => {
    const record = deploymentRecord('embedded', 31_337, plan, [], 'unfinished');
    const other = { ...OPTIONS, creationFee: 1n };
    const going = (from: typeof record, options: typeof OPTIONS) => () =>
      continuedPlan(from, 'embedded', deployer.address, 3, options);
    expect(going(record, other)).to.throw(DeploymentPlanError, 'other parameters');
    const complete = { ...record, status: 'complete' as const };
    expect(going(complete, OPTIONS)).to.throw(DeploymentPlanError, 'complete');
    expect(recordedPlan(record)).to.deep.equal(plan);
  });

  it('refuses places whose nonces made something else', async () => {
    await deployer.sendTransaction({ to: deployer.address });
    const moved = await failure(deploy());
    expect(moved).to.be.instanceOf(DeploymentPlanError);
    expect(String(moved)).to.contain('made no ABForwarder');
  });

  it('refuses other code in a planned place', async () => {
    const [, second] = await ethers.getSigners();
    // A contract, but not ours: its code is the single byte 0x00.
    await deployer.sendTransaction({ data: '0x600160005360016000f3' });
    expect(await failure(deploy(second && deployer))).to.be.instanceOf(DeploymentVerificationError);
  });

  it('names every parameter and every byte of code that was changed afterwards', async () => {
    await deploy();
    const { provider } = ethers;
    const { liquidityManager, router } = plan.addresses;
    // The guardian: the low 20 bytes of its slot.
    await provider.send('hardhat_setStorageAt', [
      liquidityManager,
      await slotOf(provider, liquidityManager, deployer.address),
      `0x${'0'.repeat(24)}${'11'.repeat(20)}`,
    ]);
    const changed = await failure(verifyPlan(provider, plan));
    expect((changed as DeploymentVerificationError).differences).to.have.length(1);
    expect(String(changed)).to.contain('ABLiquidityManager.guardian()');

    const code = await provider.getCode(router);
    await provider.send('hardhat_setCode', [router, `${code.slice(0, -2)}00`]);
    const recoded = await failure(verifyPlan(provider, plan));
    expect((recoded as DeploymentVerificationError).differences).to.have.length(1);
    expect(String(recoded)).to.contain(`ABRouter: other code at ${router}`);
  });

  it('refuses a node of another chain, and a network whose people are not named', () => {
    const mainnet = networkOf('ab-chain-mainnet');
    expect(() => requireChain(EMBEDDED, {}, 1n)).to.throw(NetworkMismatchError, 'chain 1, not of 31337');
    expect(() => requireChain(mainnet, {}, 1n)).to.throw(NetworkMismatchError, 'CHAIN_ID');
    expect(() => requireChain(mainnet, { CHAIN_ID: '2' }, 1n)).to.throw(NetworkMismatchError, 'not of 2');
    expect(requireChain(mainnet, { CHAIN_ID: '2' }, 2n)).to.equal(2);
    expect(() => deploymentOptions(mainnet, {})).to.throw(NetworkMismatchError, 'GUARDIAN_ADDRESS');
    expect(() => deploymentOptions(mainnet, { GUARDIAN_ADDRESS: 'x' })).to.throw(
      NetworkMismatchError,
      'not x',
    );
    const signer = `0x${'1'.repeat(40)}`;
    expect(() => deploymentOptions(EMBEDDED, { ANCHOR_SIGNER_ADDRESS: signer })).to.throw('LOG_ORIGIN');
    const named = { ANCHOR_SIGNER_ADDRESS: signer, LOG_ORIGIN: 'log' };
    expect(deploymentOptions(EMBEDDED, named).anchoring).to.deep.equal({ logId: ethers.id('log'), signer });
    expect(() => networkOf('nowhere')).to.throw(NetworkMismatchError, 'no network nowhere');
  });

  it('gives block explorers the sources that every contract was compiled from', async () => {
    const { sources } = standardInput();
    const compiled = await hre.artifacts.readArtifact('ABGovernance');
    const path = await hre.artifacts.getBuildInfoPath(compiled.buildInfoId ?? '');
    const { input } = (await import(path ?? '', { with: { type: 'json' } })).default as {
      input: { sources: Record<string, { content: string }> };
    };
    for (const [name, { content }] of Object.entries(sources)) {
      expect(content === input.sources[name]?.content, name).to.equal(true);
    }
    expect(readCompiler().version).to.match(/^v0\.8\.37\+commit\./);
    expect(keccak256(compiled.bytecode)).to.equal(
      deploymentRecord('embedded', 1, plan, [], 'complete').contracts.find(
        ({ name }) => name === 'ABGovernance',
      )?.creationCodeHash,
    );
  });
});

/** The slot that holds an address, among the first twenty. */
async function slotOf(provider: HardhatEthers['provider'], contract: string, held: string): Promise<string> {
  for (let slot = 0; slot < 20; slot += 1) {
    const value = await provider.getStorage(contract, slot);
    if (value.endsWith(held.slice(2).toLowerCase())) return `0x${slot.toString(16)}`;
  }
  throw new Error('no slot holds the address');
}
