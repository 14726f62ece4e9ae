import type { RecordedEvent } from '@abland/kernel';
import type { ChainChange } from '../changes/chain-change.js';

/** What somebody follows. */
export interface Topic<Item> {
  /** Cursors are of it. */
  readonly name: string;
  /** Of what a change is about, by the log alone, as far as it was asked for. */
  idsOf(change: ChainChange): readonly string[];
  /** What is told of them. */
  read(change: ChainChange, ids: readonly string[]): Promise<readonly Item[]>;
}

/** What facts name, each once, in order. */
export const namedBy = (
  { facts }: ChainChange,
  namesOf: (fact: RecordedEvent) => readonly unknown[],
): readonly string[] => [...new Set(facts.flatMap(namesOf).filter((name) => typeof name === 'string'))];

/** What is found out of a change once for all who are told of it. */
export class OncePerChange {
  private readonly found = new WeakMap<ChainChange, Map<string, unknown>>();

  get<Value>(change: ChainChange, name: string, find: () => Value): Value {
    const values = this.found.get(change) ?? new Map<string, unknown>();
    this.found.set(change, values);
    if (!values.has(name)) values.set(name, find());
    return values.get(name) as Value;
  }
}
