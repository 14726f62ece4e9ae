import { expect } from 'chai';
import { ZeroAddress, ZeroHash, id } from 'ethers';
import { deploySystem, type Signer, type System } from './support/market.js';

const LOG = id('log');
const ROOT = id('root');

describe('ABCheckpoint', () => {
  let system: System;

  beforeEach(async () => {
    system = await deploySystem();
    await system.checkpoint.connect(system.timelock).setSigner(LOG, system.alice);
  });

  const sign = (signer: Signer, treeSize: bigint, rootHash = ROOT, logId = LOG) =>
    signer.signTypedData(
      {
        name: 'AB.LAND Checkpoint',
        version: '1',
        chainId: system.deployment.chainId,
        verifyingContract: system.deployment.checkpoint,
      },
      {
        TreeHead: [
          { name: 'logId', type: 'bytes32' },
          { name: 'treeSize', type: 'uint64' },
          { name: 'rootHash', type: 'bytes32' },
        ],
      },
      { logId, treeSize, rootHash },
    );

  it('anchor_keepsSignedHeadsThatGrowWhoeverSubmitsThem', async () => {
    const { checkpoint, alice, bob, networkHelpers } = system;
    await expect(checkpoint.connect(bob).anchor(LOG, 5n, ROOT, await sign(alice, 5n)))
      .to.emit(checkpoint, 'TreeHeadAnchored')
      .withArgs(LOG, 0n, 5n, ROOT, alice);
    const first = BigInt(await networkHelpers.time.latest());
    await checkpoint.anchor(LOG, 6n, id('next'), await sign(alice, 6n, id('next')));
    expect(await checkpoint.treeHeadCount(LOG)).to.equal(2n);
    expect([...(await checkpoint.treeHead(LOG, 0n))]).to.deep.equal([5n, first, ROOT]);
    expect((await checkpoint.treeHead(LOG, 1n)).rootHash).to.equal(id('next'));
    await expect(checkpoint.treeHead(LOG, 2n))
      .to.be.revertedWithCustomError(checkpoint, 'UnknownTreeHead')
      .withArgs(LOG, 2n);
  });

  it('anchor_refusesAnotherHistoryOfTheSameSize', async () => {
    const { checkpoint, alice } = system;
    await checkpoint.anchor(LOG, 5n, ROOT, await sign(alice, 5n));
    for (const size of [5n, 4n, 0n]) {
      await expect(checkpoint.anchor(LOG, size, id('other'), await sign(alice, size, id('other'))))
        .to.be.revertedWithCustomError(checkpoint, 'TreeNotGrown')
        .withArgs(LOG, 5n, size);
    }
    await expect(checkpoint.anchor(LOG, 0n, ROOT, '0x')).to.be.revertedWithCustomError(
      checkpoint,
      'TreeNotGrown',
    );
  });

  it('anchor_refusesWhatTheSignerDidNotSign', async () => {
    const { checkpoint, alice, bob } = system;
    for (const signature of [
      await sign(bob, 5n),
      await sign(alice, 6n),
      await sign(alice, 5n, id('other')),
      '0x',
    ]) {
      await expect(checkpoint.anchor(LOG, 5n, ROOT, signature))
        .to.be.revertedWithCustomError(checkpoint, 'InvalidSignature')
        .withArgs(LOG, alice);
    }
    await expect(checkpoint.anchor(id('unknown'), 5n, ROOT, await sign(alice, 5n, ROOT, id('unknown'))))
      .to.be.revertedWithCustomError(checkpoint, 'UnknownLog')
      .withArgs(id('unknown'));
  });

  it('retract_takesBackAHeadAndAllUponItAndGivesItsNumberToNoOther', async () => {
    const { checkpoint, alice, timelock } = system;
    const largest = 2n ** 64n - 1n;
    const heads: [bigint, string][] = [
      [5n, ROOT],
      [largest - 1n, id('wrong')],
      [largest, id('upon it')],
    ];
    for (const [size, root] of heads) await checkpoint.anchor(LOG, size, root, await sign(alice, size, root));
    const anchor = async (size: bigint) => checkpoint.anchor(LOG, size, ROOT, await sign(alice, size));
    await expect(anchor(6n)).to.be.revertedWithCustomError(checkpoint, 'TreeNotGrown');

    const owner = checkpoint.connect(timelock);
    await expect(owner.retract(LOG, 1n)).to.emit(checkpoint, 'TreeHeadRetracted').withArgs(LOG, 1n, 2n);
    for (const index of [1n, 2n, 3n]) {
      await expect(owner.retract(LOG, index))
        .to.be.revertedWithCustomError(checkpoint, 'UnknownTreeHead')
        .withArgs(LOG, index);
    }
    for (const index of [1n, 2n]) {
      const { treeSize, rootHash, anchoredAt } = await checkpoint.treeHead(LOG, index);
      expect([treeSize, rootHash, anchoredAt > 0n]).to.deep.equal([0n, ZeroHash, true]);
    }
    await expect(anchor(5n)).to.be.revertedWithCustomError(checkpoint, 'TreeNotGrown').withArgs(LOG, 5n, 5n);
    await expect(anchor(6n)).to.emit(checkpoint, 'TreeHeadAnchored').withArgs(LOG, 3n, 6n, ROOT, alice);
    expect(await checkpoint.treeHeadCount(LOG)).to.equal(4n);
    expect(await checkpoint.standingTreeHeads(LOG)).to.equal(4n);
    expect((await checkpoint.treeHead(LOG, 0n)).rootHash).to.equal(ROOT);

    // Over retracted ones, to the first of all.
    await owner.retract(LOG, 3n);
    expect(await checkpoint.standingTreeHeads(LOG)).to.equal(1n);
    await owner.retract(LOG, 0n);
    expect(await checkpoint.standingTreeHeads(LOG)).to.equal(0n);
    await expect(anchor(0n)).to.be.revertedWithCustomError(checkpoint, 'TreeNotGrown').withArgs(LOG, 0n, 0n);
    await expect(anchor(1n)).to.emit(checkpoint, 'TreeHeadAnchored').withArgs(LOG, 4n, 1n, ROOT, alice);
  });

  it('retract_isTheOwnersAndOfOneLog', async () => {
    const { checkpoint, alice, timelock } = system;
    await checkpoint.anchor(LOG, 5n, ROOT, await sign(alice, 5n));
    await expect(checkpoint.connect(alice).retract(LOG, 0n))
      .to.be.revertedWithCustomError(checkpoint, 'OwnableUnauthorizedAccount')
      .withArgs(alice);
    await expect(checkpoint.connect(timelock).retract(id('other'), 0n)).to.be.revertedWithCustomError(
      checkpoint,
      'UnknownTreeHead',
    );
    expect((await checkpoint.treeHead(LOG, 0n)).treeSize).to.equal(5n);
  });

  it('constructor_namesTheSignerOfALogThatIsAnchoredFromTheStart', async () => {
    const { alice: signer } = system;
    const named = await deploySystem({ anchoring: { logId: LOG, signer: signer.address } });
    expect(await named.checkpoint.signerOf(LOG)).to.equal(signer.address);
    expect(await named.checkpoint.signerOf(id('other'))).to.equal(ZeroAddress);
    const [told] = await named.checkpoint.queryFilter(named.checkpoint.filters.SignerUpdated());
    expect(told?.args).to.deep.equal([LOG, ZeroAddress, signer.address]);
    expect(await named.checkpoint.owner()).to.equal(named.deployment.timelock);
  });

  it('setSigner_isTheOwnersAndCanEndALog', async () => {
    const { checkpoint, alice, timelock } = system;
    await expect(checkpoint.setSigner(LOG, alice)).to.be.revertedWithCustomError(
      checkpoint,
      'OwnableUnauthorizedAccount',
    );
    await expect(checkpoint.connect(timelock).setSigner(LOG, ZeroAddress))
      .to.emit(checkpoint, 'SignerUpdated')
      .withArgs(LOG, alice, ZeroAddress);
    await expect(checkpoint.anchor(LOG, 5n, ROOT, await sign(alice, 5n))).to.be.revertedWithCustomError(
      checkpoint,
      'UnknownLog',
    );
  });
});
