import type { Interface } from 'ethers';
import type { DynamicFact } from './dynamic-fact.js';
import type { FactReader } from './fact-reader.js';
import type { StaticFact } from './static-fact.js';

/** What becomes of each event of a contract. */
export interface ContractEvents {
  readonly abi: Interface;
  /** By topic. */
  readonly readers: ReadonlyMap<string, FactReader>;
  /** Why the others are nothing to us, by name. */
  readonly ignored: Readonly<Record<string, string>>;
}

export function contractEvents(
  abi: Interface,
  facts: readonly (StaticFact | DynamicFact)[],
  ignored: Readonly<Record<string, string>> = {},
): ContractEvents {
  const readers = facts.map((fact) => fact(abi));
  return { abi, readers: new Map(readers.map((reader) => [reader.event.topicHash, reader])), ignored };
}
