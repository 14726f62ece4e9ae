import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChainRpc, ChainRpcProvider, encodeCreateToken, forwardRequestTypedData } from '@abland/chain';
import {
  type ForwardRequest,
  type RequestCommand,
  requestDecider,
  requestStream,
  type Uuid,
} from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { type EventStore, handleCommand, silentLogger } from '@abland/kernel';
import { Contract, type HDNodeWallet, parseEther, Wallet } from 'ethers';
import { v4 as uuidv4 } from 'uuid';

const DEADLINE_SECONDS = 600;

/** The real contracts on a real EVM, and users that let us send for them. */
export class RelayingChain {
  private constructor(
    readonly chain: ForkedChain,
    readonly provider: ChainRpcProvider,
    private readonly rpc: ChainRpc,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<RelayingChain> {
    const dataDir = await mkdtemp(join(tmpdir(), 'abland-relaying-'));
    const chain = await forkEmbeddedChain({ dataDir, port: 0, emptyBlockEveryMs: 60_000 });
    const rpc = new ChainRpc({ urls: [chain.webSocketUrl], chainId: chain.chainId, logger: silentLogger });
    return new RelayingChain(chain, new ChainRpcProvider(rpc, chain.chainId), rpc, dataDir);
  }

  async stop(): Promise<void> {
    this.provider.destroy();
    this.rpc.close();
    await this.chain.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  contract(name: 'forwarder' | 'tokenFactory'): string {
    const address = this.chain.contracts[name];
    if (address === undefined) throw new Error(`${name} is not deployed`);
    return address;
  }

  /** An account that nobody used before, with ether for fees. */
  async relayer(): Promise<Wallet> {
    const wallet = new Wallet(Wallet.createRandom().privateKey);
    const [rich] = developmentAccounts();
    const funder = new Wallet(rich?.privateKey ?? '', this.provider);
    const sent = await funder.sendTransaction({ to: wallet.address, value: parseEther('10') });
    await sent.wait();
    return wallet;
  }

  minedBy(address: string): Promise<number> {
    return this.provider.getTransactionCount(address);
  }

  /** How many tokens the factory made for a creator. */
  async tokensOf(creator: string): Promise<number> {
    const abi = ['function tokenCountOf(address creator) view returns (uint256)'];
    const factory = new Contract(this.contract('tokenFactory'), abi, this.provider);
    return Number(await factory.getFunction('tokenCountOf')(creator));
  }

  /** Something else uses the account. */
  async sendFrom(wallet: Wallet): Promise<void> {
    const sent = await wallet.connect(this.provider).sendTransaction({ to: wallet.address });
    await sent.wait();
  }
}

export interface RelayedToken {
  readonly commandId: Uuid;
  readonly user: HDNodeWallet;
}

export interface RelayedTokenOptions {
  readonly user?: HDNodeWallet;
  readonly nonce?: number;
  readonly name?: string;
  readonly signedBy?: HDNodeWallet;
  /** Milliseconds since the epoch when it is requested. */
  readonly now?: number;
}

/** A person asks for a token and signs; what the API does, without the API. */
export async function requestRelayedToken(
  store: EventStore,
  relaying: RelayingChain,
  options: RelayedTokenOptions = {},
): Promise<RelayedToken> {
  const {
    user = Wallet.createRandom(),
    nonce = 0,
    name = 'Relayed',
    signedBy = user,
    now = Date.now(),
  } = options;
  const commandId = uuidv4();
  const give = (command: RequestCommand): Promise<unknown> =>
    handleCommand(store, requestDecider, requestStream(commandId), command, {
      metadata: { correlationId: commandId, causationId: null, actor: user.address },
      eventId: () => uuidv4(),
    });
  const deadline = Math.floor(now / 1_000) + DEADLINE_SECONDS;
  await give({
    type: 'AskRequest',
    kind: 'CREATE_TOKEN',
    header: {
      commandId,
      chainId: relaying.chain.chainId,
      requester: user.address,
      execution: 'RELAYED',
      inputHash: '0x00',
      requestedAt: new Date(now).toISOString(),
      deadline: new Date(deadline * 1_000).toISOString(),
    },
    ask: {
      name: 'Relayed',
      symbol: 'RLY',
      decimals: 2,
      supply: 10n,
      description: '',
      metadataURI: 'ipfs://relayed',
    },
  });
  const args = {
    name,
    symbol: 'RLY',
    totalSupply: 1_000n,
    decimals: 2,
    metadataURI: 'ipfs://relayed',
    creationFeeWei: 0n,
  };
  const { to, data, value } = encodeCreateToken(relaying.contract('tokenFactory'), args, commandId);
  const gas = '4000000';
  const forward = { from: user.address, to, value, gas, nonce: String(nonce), deadline, data };
  await give({ type: 'RequestRelay', forward });
  const signature = await sign(relaying, forward, signedBy);
  const at = new Date(now).toISOString();
  await give({ type: 'AuthorizeRelay', signature, signer: user.address, at });
  return { commandId, user };
}

function sign(relaying: RelayingChain, request: ForwardRequest, signer: HDNodeWallet): Promise<string> {
  const reference = { chainId: relaying.chain.chainId, forwarder: relaying.contract('forwarder') };
  const { domain, types, message } = forwardRequestTypedData(reference, request);
  const { ForwardRequest: fields } = types;
  return signer.signTypedData(domain, { ForwardRequest: [...(fields ?? [])] }, message);
}

/** Types of a stream's events, in order. */
export async function typesOf(store: EventStore, stream: string): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const page of store.readStream(stream)) types.push(...page.map(({ type }) => type));
  return types;
}
