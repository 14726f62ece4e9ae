import { EventFragment, Interface, type Result } from 'ethers';

/** A log's name and arguments. */
export interface ParsedLog {
  readonly name: string;
  readonly args: Result;
}

/** Tells what a log says; null where the contract knows no such event. */
export interface LogParser {
  parseLog(log: { readonly topics: readonly string[]; readonly data: string }): ParsedLog | null;
}

/**
 * Reads strings as the bytes that they are: Solidity does not check that a string is UTF-8, so whoever may write one into a
 * log could otherwise make the whole log unreadable.
 */
export class LenientParser implements LogParser {
  readonly #events = new Map<string, EventFragment>();
  readonly #lenient: Interface;

  constructor(contract: Interface) {
    contract.forEachEvent((event) => {
      const inputs = event.inputs.map(
        ({ name, type, indexed }) =>
          `${type.replace(/^string/, 'bytes')} ${indexed === true ? 'indexed ' : ''}${name}`,
      );
      this.#events.set(event.topicHash, EventFragment.from(`event ${event.name}(${inputs.join(', ')})`));
    });
    this.#lenient = new Interface([...this.#events.values()]);
  }

  parseLog({ topics, data }: { topics: readonly string[]; data: string }): ParsedLog | null {
    const event = this.#events.get(topics[0] ?? '');
    if (event === undefined) return null;
    // The topic of the event with bytes in the place of strings is another one.
    const args = this.#lenient.decodeEventLog(event, data, [event.topicHash, ...topics.slice(1)]);
    return { name: event.name, args };
  }
}
