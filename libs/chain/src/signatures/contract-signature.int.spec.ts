import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { silentLogger } from '@abland/kernel';
import { factoryCode, framedSignature, walletAddress, walletCreation } from '@abland/testing/contract-wallet';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getCreateAddress, hashMessage, Wallet, ZeroAddress } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { isSignedByContract } from './contract-signature.js';

const SALT = `0x${'07'.repeat(32)}`;
const HASH = hashMessage('whatever was signed');

describe('a signature of a contract on a real EVM', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let rpc: ChainRpc;
  let factory: string;
  let wallet: string;
  const [owner, stranger] = [Wallet.createRandom(), Wallet.createRandom()];
  const deployer = new Wallet(developmentAccounts()[3]?.privateKey ?? '');
  const deploy = async (data: string, nonce: number): Promise<string> => {
    const raw = await deployer.signTransaction({
      ...{ data, nonce, chainId: chain.chainId, gasLimit: 2_000_000n, type: 2 },
      ...{ maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 0n },
    });
    await rpc.request('eth_sendRawTransaction', raw);
    return getCreateAddress({ from: deployer.address, nonce });
  };
  const code = (address: string) => rpc.request('eth_getCode', address, 'latest');
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-signatures-'));
    chain = await forkEmbeddedChain({ dataDir, port: 0, emptyBlockEveryMs: 3_600_000 });
    rpc = new ChainRpc({ urls: [chain.rpcUrl], chainId: chain.chainId, logger: silentLogger });
    factory = await deploy(factoryCode(), 0);
    wallet = await deploy(walletCreation(owner.address), 1);
  });
  afterAll(async () => {
    rpc.close();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const sign = (by: { signingKey: Wallet['signingKey'] }): string => by.signingKey.sign(HASH).serialized;
  const asked = (address: string, signature: string, hash = HASH) =>
    isSignedByContract(rpc, { address, hash, signature });
  const framed = (signature: string, salt = SALT): string =>
    framedSignature({ factory, salt, owner: owner.address, signature });
  const future = (salt = SALT): string => walletAddress({ factory, salt, owner: owner.address });

  it('is its own where the contract says so (ERC-1271)', async () => {
    expect(await asked(wallet, sign(owner))).toBe(true);
    expect(await asked(wallet, sign(stranger))).toBe(false);
    expect(await asked(wallet, sign(owner), hashMessage('something else'))).toBe(false);
    expect(await asked(wallet, '0x')).toBe(false);
  });

  it('is nobody’s where there is no contract, or one that says something else', async () => {
    for (const address of [stranger.address, ZeroAddress, factory])
      expect(await asked(address, sign(owner))).toBe(false);
  });

  it('is that of a wallet that is still to be made, which nothing makes by it (ERC-6492)', async () => {
    expect(await code(future())).toBe('0x');
    expect(await asked(future(), framed(sign(owner)))).toBe(true);
    expect(await asked(future(), framed(sign(stranger)))).toBe(false);
    expect(await asked(future(), sign(owner))).toBe(false);
    expect(await code(future())).toBe('0x');
  });

  it('is that of the address that the factory makes alone', async () => {
    const other = `0x${'08'.repeat(32)}`;
    expect(await asked(future(other), framed(sign(owner)))).toBe(false);
    expect(await asked(stranger.address, framed(sign(owner)))).toBe(false);
  });

  it('is taken in its frame of a wallet that is there by now', async () => {
    expect(await asked(wallet, framed(sign(owner)))).toBe(true);
    expect(await asked(wallet, framed(sign(stranger)))).toBe(false);
  });

  it('is none in a frame that cannot be read, or is too long', async () => {
    const end = '6492'.repeat(16);
    for (const signature of [`0x${end}`, `0x${'ff'.repeat(96)}${end}`, `${sign(owner)}${end}`])
      expect(await asked(future(), signature)).toBe(false);
    const long = framedSignature({
      factory,
      salt: SALT,
      owner: owner.address,
      signature: `0x${'00'.repeat(50_000)}`,
    });
    expect(await asked(future(), long)).toBe(false);
  });

  it('is not known where no provider answers', async () => {
    const away = new ChainRpc({ urls: ['http://127.0.0.1:9'], chainId: chain.chainId, logger: silentLogger });
    await expect(
      isSignedByContract(away, { address: wallet, hash: HASH, signature: sign(owner) }),
    ).rejects.toThrow();
    away.close();
  });
});
