import { EventFragment, Interface, type Result } from 'ethers';
import type { LogBody } from './fact-reader.js';

/**
 * Reads strings as the bytes that they are: Solidity does not check that a string is UTF-8, so whoever may write one into a
 * log could otherwise make the whole log unreadable.
 */
export class LenientParser {
  readonly #event: EventFragment;
  readonly #topic0: string;
  readonly #lenient: Interface;

  constructor({ name, inputs }: EventFragment) {
    const parameters = inputs.map(
      ({ name: parameter, type, indexed }) =>
        `${type.replace(/^string/, 'bytes')} ${indexed === true ? 'indexed ' : ''}${parameter}`,
    );
    this.#event = EventFragment.from(`event ${name}(${parameters.join(', ')})`);
    // The topic of the event with bytes in the place of strings is another one.
    this.#topic0 = this.#event.topicHash;
    this.#lenient = new Interface([this.#event]);
  }

  /** The arguments by name. @throws where they are malformed */
  parse({ topics, data }: LogBody): Result {
    return this.#lenient.decodeEventLog(this.#event, data, [this.#topic0, ...topics.slice(1)]);
  }
}
