import { readFileSync } from 'node:fs';
import type { InterfaceAbi } from 'ethers';

export type ContractName =
  | 'ABForwarder'
  | 'ABTokenFactory'
  | 'ABLiquidityManager'
  | 'ABRouter'
  | 'ABToken'
  | 'ABTimelock'
  | 'ABGovernance'
  | 'ABCheckpoint';

export interface Artifact {
  readonly contractName: ContractName;
  readonly abi: InterfaceAbi;
  /** Creation code, 0x-prefixed. */
  readonly bytecode: string;
}

/** The compiled contract, as committed. */
export function readArtifact(name: ContractName): Artifact {
  return JSON.parse(readFileSync(new URL(`../generated/${name}.json`, import.meta.url), 'utf8')) as Artifact;
}
