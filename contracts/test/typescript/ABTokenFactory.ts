import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { ABToken__factory } from '../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import {
  COMMAND_TAG,
  NO_DEADLINE,
  SUPPLY,
  deploySystem,
  launchToken,
  relay,
  type System,
} from './support/market.js';

const FEE = 10n ** 16n;

describe('ABTokenFactory', () => {
  let system: System;
  const create = (
    overrides: Partial<{ name: string; symbol: string; supply: bigint; decimals: number; uri: string }> = {},
    value = FEE,
  ) => {
    const {
      name = 'One 1',
      symbol = 'ONE1',
      supply = SUPPLY,
      decimals = 18,
      uri = 'ipfs://meta',
    } = overrides;
    return system.factory.createToken(name, symbol, supply, decimals, uri, { value });
  };

  beforeEach(async () => {
    system = await deploySystem({ creationFee: FEE });
  });

  it('createToken_mintsAllToTheCallerBeforeItSaysSo', async () => {
    const { factory, alice, ethers } = system;
    const address = await factory.createToken.staticCall('One 1', 'ONE1', SUPPLY, 6, 'ipfs://m', {
      value: FEE,
    });
    const transaction = await factory.createToken('One 1', 'ONE1', SUPPLY, 6, 'ipfs://m', { value: FEE });
    const token = ABToken__factory.connect(address, alice);

    await expect(transaction).to.emit(token, 'Transfer').withArgs(ZeroAddress, alice, SUPPLY);
    await expect(transaction)
      .to.emit(factory, 'TokenCreated')
      .withArgs(address, alice, 'One 1', 'ONE1', SUPPLY);
    await expect(transaction).to.emit(factory, 'TokenMetadataUpdated').withArgs(address, 6, 'ipfs://m');
    const receipt = await ethers.provider.getTransactionReceipt(transaction.hash);
    expect(receipt?.logs.map((log) => log.address)).to.deep.equal([
      address,
      await factory.getAddress(),
      await factory.getAddress(),
    ]);
    expect(await token.decimals()).to.equal(6n);
    expect(await token.balanceOf(alice)).to.equal(SUPPLY);
    expect(await factory.creatorOf(address)).to.equal(alice.address);
    expect(await factory.isActive(address)).to.equal(true);
  });

  it('createToken_takesTheFeeToTheWei', async () => {
    const { factory } = system;
    for (const sent of [0n, FEE - 1n, FEE + 1n]) {
      await expect(create({}, sent))
        .to.be.revertedWithCustomError(factory, 'WrongCreationFee')
        .withArgs(FEE, sent);
    }
  });

  it('createToken_refusesNamesBeyondTheRules', async () => {
    const { factory } = system;
    for (const name of [
      '',
      'x'.repeat(51),
      'tab\there',
      'nul\0',
      'Ünicode',
      'semi;colon',
      '[',
      '@',
      '`',
      '{',
      '/',
      ':',
      ' ',
      '   ',
      ' One',
      'One ',
    ]) {
      await expect(create({ name }), name)
        .to.be.revertedWithCustomError(factory, 'InvalidName')
        .withArgs(name);
    }
    await create({ name: `AZaz09 ${'x'.repeat(43)}` });
  });

  it('createToken_refusesSymbolsBeyondTheRules', async () => {
    const { factory } = system;
    for (const symbol of ['', 'A'.repeat(11), 'one', 'A B', 'Ä', '@', '[', '/', ':']) {
      await expect(create({ symbol }), symbol)
        .to.be.revertedWithCustomError(factory, 'InvalidSymbol')
        .withArgs(symbol);
    }
    await create({ symbol: 'AZ09AZ09AZ' });
    await create({ symbol: 'A' });
  });

  it('createToken_refusesDecimalsAndSuppliesBeyondTheRules', async () => {
    const { factory } = system;
    await expect(create({ decimals: 19 }))
      .to.be.revertedWithCustomError(factory, 'DecimalsTooLarge')
      .withArgs(19);
    const most = 10n ** 27n;
    for (const [supply, decimals] of [
      [0n, 0],
      [most + 1n, 0],
      [10n ** 18n - 1n, 18],
      [most * 10n ** 18n + 1n, 18],
    ] as const) {
      await expect(create({ supply, decimals }))
        .to.be.revertedWithCustomError(factory, 'SupplyOutOfRange')
        .withArgs(supply, 10n ** BigInt(decimals), most * 10n ** BigInt(decimals));
    }
    await create({ supply: 1n, decimals: 0 });
    await create({ supply: most * 10n ** 18n, decimals: 18 });
  });

  it('createToken_refusesMetadataUrisBeyondTheRules', async () => {
    const { factory } = system;
    for (const uri of ['x'.repeat(513), 'a b', 'nul\0', '\x7f', 'é']) {
      await expect(create({ uri }), uri)
        .to.be.revertedWithCustomError(factory, 'InvalidMetadataURI')
        .withArgs(uri);
    }
    for (const uri of ['', '!~', 'x'.repeat(512)]) await create({ uri });
  });

  it('tokensOf_listsACreatorsTokensInPages', async () => {
    const { factory, alice, bob } = system;
    for (const symbol of ['T1', 'T2', 'T3']) await create({ symbol });
    const created = await factory.queryFilter(factory.filters.TokenCreated());
    const addresses = created.map(({ args }) => args.tokenAddress);
    expect(await factory.tokenCountOf(alice)).to.equal(3n);
    expect(await factory.tokensOf(alice, 0, 10)).to.deep.equal(addresses);
    expect(await factory.tokensOf(alice, 1, 1)).to.deep.equal([addresses[1]]);
    expect(await factory.tokensOf(alice, 3, 1)).to.deep.equal([]);
    expect(await factory.tokensOf(alice, 4, 1)).to.deep.equal([]);
    expect(await factory.tokensOf(bob, 0, 10)).to.deep.equal([]);
  });

  it('deactivateToken_isItsCreatorsOrTheOwnersAndFinal', async () => {
    const { factory, alice, bob, timelock } = system;
    for (const symbol of ['T1', 'T2']) await create({ symbol });
    const [first, second] = await factory.tokensOf(alice, 0, 2);
    if (!first || !second) throw new Error('two tokens expected');

    await expect(factory.connect(bob).deactivateToken(first))
      .to.be.revertedWithCustomError(factory, 'NotTokenCreator')
      .withArgs(first, bob.address);
    await expect(factory.deactivateToken(bob.address))
      .to.be.revertedWithCustomError(factory, 'UnknownToken')
      .withArgs(bob.address);
    await expect(factory.deactivateToken(first)).to.emit(factory, 'TokenDeactivated').withArgs(first);
    await expect(factory.connect(timelock).deactivateToken(second))
      .to.emit(factory, 'TokenDeactivated')
      .withArgs(second);
    expect(await factory.isActive(first)).to.equal(false);
    await expect(factory.deactivateToken(first))
      .to.be.revertedWithCustomError(factory, 'TokenAlreadyDeactivated')
      .withArgs(first);
  });

  it('updateTokenMetadata_isItsCreatorsAlone', async () => {
    const { factory, alice, timelock } = system;
    await create({ decimals: 7 });
    const [token] = await factory.tokensOf(alice, 0, 1);
    if (!token) throw new Error('a token expected');
    await expect(factory.connect(timelock).updateTokenMetadata(token, 'ipfs://x'))
      .to.be.revertedWithCustomError(factory, 'NotTokenCreator')
      .withArgs(token, timelock.address);
    await expect(factory.updateTokenMetadata(token, 'a b'))
      .to.be.revertedWithCustomError(factory, 'InvalidMetadataURI')
      .withArgs('a b');
    await expect(factory.updateTokenMetadata(token, 'ipfs://x'))
      .to.emit(factory, 'TokenMetadataUpdated')
      .withArgs(token, 7, 'ipfs://x');
    await factory.deactivateToken(token);
    await expect(factory.updateTokenMetadata(token, 'ipfs://y'))
      .to.be.revertedWithCustomError(factory, 'TokenAlreadyDeactivated')
      .withArgs(token);
  });

  it('fees_goToTheRecipientWhoeverCollects', async () => {
    const { factory, timelock, bob, carol, ethers } = system;
    await create();
    await create();
    await expect(factory.setFeeRecipient(carol)).to.be.revertedWithCustomError(
      factory,
      'OwnableUnauthorizedAccount',
    );
    await expect(factory.connect(timelock).setFeeRecipient(ZeroAddress))
      .to.be.revertedWithCustomError(factory, 'InvalidRecipient')
      .withArgs(ZeroAddress);
    await expect(factory.connect(timelock).setFeeRecipient(carol))
      .to.emit(factory, 'FeeRecipientUpdated')
      .withArgs(timelock, carol);
    const collect = factory.connect(bob).collectCreationFees();
    await expect(collect).to.changeEtherBalances(ethers, [factory, carol], [-2n * FEE, 2n * FEE]);
    await expect(collect)
      .to.emit(factory, 'CreationFeesCollected')
      .withArgs(carol, 2n * FEE);
  });

  it('setCreationFee_isTheOwnersAndTakesEffectAtOnce', async () => {
    const { factory, timelock } = system;
    await expect(factory.setCreationFee(1n)).to.be.revertedWithCustomError(
      factory,
      'OwnableUnauthorizedAccount',
    );
    await expect(factory.connect(timelock).setCreationFee(1n))
      .to.emit(factory, 'CreationFeeUpdated')
      .withArgs(FEE, 1n);
    await create({}, 1n);
  });

  it('createTokenWithPool_opensTheFirstPoolInTheSameTransaction', async () => {
    const { factory, manager, alice, timelock } = system;
    await factory.connect(timelock).setCreationFee(0n);
    const other = await launchToken(system, 'Other', 'OTHER');
    const parameters = { name: 'New', symbol: 'NEW', totalSupply: SUPPLY, decimals: 18, metadataURI: '' };
    const call = [parameters, 10n ** 20n, await other.getAddress(), 10n ** 21n, NO_DEADLINE] as const;
    const [token, poolId] = await factory.createTokenWithPool.staticCall(...call);
    const transaction = factory.createTokenWithPool(...call);
    await expect(transaction).to.emit(factory, 'TokenCreated').withArgs(token, alice, 'New', 'NEW', SUPPLY);
    await expect(transaction).to.changeTokenBalances(
      system.ethers,
      other,
      [alice, manager],
      [-(10n ** 21n), 10n ** 21n],
    );
    const pool = await manager.getPool(poolId);
    expect(new Set([pool.reserveA, pool.reserveB])).to.deep.equal(new Set([10n ** 20n, 10n ** 21n]));
    expect(await manager.liquidityOf(poolId, alice)).to.equal(pool.totalLiquidity - 1_000n);
    const created = ABToken__factory.connect(token, alice);
    expect(await created.balanceOf(alice)).to.equal(SUPPLY - 10n ** 20n);
    expect(await created.allowance(alice, manager)).to.equal(0n);
  });

  it('createToken_toleratesACommandTagDirectlyAndRelayed', async () => {
    const { factory, alice, bob, timelock } = system;
    await factory.connect(timelock).setCreationFee(0n);
    const data = factory.interface.encodeFunctionData('createToken', ['Tag', 'TAG', SUPPLY, 18, '']);
    const tagged = data + COMMAND_TAG.slice(2);
    await alice.sendTransaction({ to: factory, data: tagged });
    await relay(system, bob, await factory.getAddress(), tagged);
    expect(await factory.tokenCountOf(alice)).to.equal(1n);
    expect(await factory.tokenCountOf(bob)).to.equal(1n);
  });
});
