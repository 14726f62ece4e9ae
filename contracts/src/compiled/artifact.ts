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

/** Where the constructor writes a value into the code that it leaves. */
export interface Immutable {
  /** Bytes from the start of the code. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
}

export interface RuntimeCode {
  /** 0x-prefixed, with zeros for immutables. */
  readonly deployedBytecode: string;
  readonly immutables: readonly Immutable[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../generated/${name}.json`, import.meta.url), 'utf8'));

/** The compiled contract, as committed. */
export const readArtifact = (name: ContractName): Artifact & RuntimeCode =>
  read(name) as Artifact & RuntimeCode;

export interface Compiler {
  /** With the commit, as block explorers ask for it. */
  readonly version: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Name of each source for the compiler, and its file: a path in this package, or one of an npm package. */
  readonly sources: Readonly<Record<string, string>>;
}

/** What the committed artifacts were compiled with and from. */
export const readCompiler = (): Compiler => read('compiler') as Compiler;
