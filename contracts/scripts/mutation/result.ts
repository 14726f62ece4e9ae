import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources that are changed: all that the manager of the pools is made of. */
export const MUTATED = [
  'liquidity/ABPool.sol',
  'liquidity/ABPoolLedger.sol',
  'liquidity/ABLiquidityManager.sol',
  'liquidity/ABLiquidityAdministration.sol',
];
/** Of the changes that count, at least this part has to be noticed. */
export const SCORE_MIN = 0.9;

export interface SourceScore {
  readonly killed: number;
  readonly mutants: number;
}

/** What a full run found, as committed. */
export interface MutationResult {
  /** SHA-256 of the manager's committed code without metadata: comments change nothing. */
  readonly code: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survived: readonly string[];
  /** Not counted: reviewed, each with its reason, or the same code to the byte. */
  readonly equivalent: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, SourceScore>>;
}

export const resultFile = (folder: string): string => join(folder, 'snapshots/mutation.json');

export const readResult = (folder: string): MutationResult =>
  JSON.parse(readFileSync(resultFile(folder), 'utf8')) as MutationResult;

/** What a result is measured on. */
export function codeHash(folder: string): string {
  const file = join(folder, 'generated/ABLiquidityManager.json');
  const { bytecode } = JSON.parse(readFileSync(file, 'utf8')) as { bytecode: string };
  return createHash('sha256').update(withoutMetadata(bytecode)).digest('hex');
}

/** The compiler appends metadata and, in the last two bytes, how long they are. */
export function withoutMetadata(bytecode: string): string {
  const metadataBytes = Number.parseInt(bytecode.slice(-4), 16) + 2;
  return bytecode.slice(0, -2 * metadataBytes);
}
