export interface DeployedOn {
  /** URL of the chain's JSON-RPC. */
  readonly rpc: string;
  readonly chainId: number;
  /** The block in which the contracts were deployed; null where it is not known. */
  readonly startBlock: number | null;
  readonly addresses: Readonly<Record<string, string>>;
  /** What governance counts, as GOVERNANCE_CLOCK has it. */
  readonly governanceClock: 'blocks' | 'seconds';
}

/** `NAME=value`, as programs of production want to be told of a chain and its contracts. */
export function environmentLines({
  addresses,
  chainId,
  governanceClock,
  rpc,
  startBlock,
}: DeployedOn): readonly string[] {
  const lines = {
    CHAIN_RPC_URLS: rpc,
    CHAIN_ID: chainId,
    CHAIN_START_BLOCK: startBlock,
    TOKEN_FACTORY_ADDRESS: addresses['tokenFactory'],
    LIQUIDITY_MANAGER_ADDRESS: addresses['liquidityManager'],
    ROUTER_ADDRESS: addresses['router'],
    FORWARDER_ADDRESS: addresses['forwarder'],
    GOVERNANCE_ADDRESS: addresses['governance'],
    TIMELOCK_ADDRESS: addresses['timelock'],
    GOVERNANCE_TOKEN_ADDRESS: addresses['governanceToken'],
    GOVERNANCE_CLOCK: governanceClock,
    CHECKPOINT_ADDRESS: addresses['checkpoint'],
  };
  return Object.entries(lines).map(([name, value]) => `${name}=${value}`);
}
