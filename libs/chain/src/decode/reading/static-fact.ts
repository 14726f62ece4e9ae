import type { EventFragment, Interface } from 'ethers';
import type { FactReader, FactType, LogBody, OwnFields, ReadFact } from './fact-reader.js';
import { digitsOf, type Field, WORD_DIGITS } from './fields.js';

type Fields<Values> = { readonly [Name in keyof Values]: Field<Values[Name]> };

interface Options<Also> {
  /** Digits that parameters must have, as many as the type has; a log with others is nothing to us. */
  readonly where?: Readonly<Record<string, string>>;
  /** Fields that no parameter tells. */
  readonly also?: Also;
}

/** A fact of an event with static parameters alone, not yet of a contract. */
export type StaticFact = (contract: Interface) => StaticFactReader;

/**
 * @param event its name in the contract
 * @param fields the fact's fields; every parameter has one, or a word that it must have
 */
export const staticFact =
  <Type extends FactType, Also extends Partial<OwnFields<Type>> = Record<never, never>>(
    event: string,
    type: Type,
    fields: Fields<Omit<OwnFields<Type>, keyof Also>>,
    { where = {}, also }: Options<Also> = {},
  ): StaticFact =>
  (contract) => {
    const fragment = contract.getEvent(event);
    if (fragment === null) throw new RangeError(`The contract has no event ${event}`);
    return new StaticFactReader(fragment, type, fields as unknown as Fields<Values>, where, also ?? {});
  };

type Values = Record<string, unknown>;

/** Where a parameter's word is, and what becomes of it. */
interface Word {
  /** Null where no field tells it. */
  readonly name: string | null;
  readonly field: Field<unknown> | null;
  /** The digits that it must have; null where any will do. */
  readonly required: string | null;
  /** The topic that holds it; null: the data. */
  readonly topic: number | null;
  /** Where it begins in that topic, or in the data. */
  readonly start: number;
  /** The digits of it that its type leaves zero. */
  readonly zeros: string;
}

const TOPIC = /^0x[0-9a-f]{64}$/;
const DATA = /^0x(?:[0-9a-f]{2})*$/;
const PREFIX_LENGTH = 2;

/** Made once of an event's fragment; reading and writing only cut and join words. */
export class StaticFactReader implements FactReader {
  readonly #words: readonly Word[];
  readonly #topics: number;
  readonly #dataLength: number;

  constructor(
    readonly event: EventFragment,
    readonly type: FactType,
    fields: Fields<Values>,
    where: Readonly<Record<string, string>>,
    private readonly also: Readonly<Values>,
  ) {
    this.#words = wordsOf(event, fields, where);
    const indexed = this.#words.filter(({ topic }) => topic !== null).length;
    this.#topics = 1 + indexed;
    this.#dataLength = PREFIX_LENGTH + (this.#words.length - indexed) * WORD_DIGITS;
  }

  read(log: LogBody): ReadFact | null {
    this.#assertReadable(log);
    const { topics, data } = log;
    const fields: Values = {};
    let whole = topics.length === this.#topics && data.length === this.#dataLength;
    for (const { name, field, required, topic, start, zeros } of this.#words) {
      const text = topic === null ? data : (topics[topic] ?? '');
      const digits = text.slice(start + zeros.length, start + WORD_DIGITS);
      if (required !== null && (digits !== required || !text.startsWith(zeros, start))) return null;
      if (name === null || field === null) continue;
      whole &&= text.startsWith(zeros, start) && (field.canonical?.(digits) ?? true);
      fields[name] = field.read(digits);
    }
    return { type: this.type, fields: Object.assign(fields, this.also), whole };
  }

  /** The log of a fact that was read whole. */
  write(fields: Readonly<Values>): LogBody {
    const topics = [this.event.topicHash];
    let data = '0x';
    for (const { name, field, required, topic, zeros } of this.#words) {
      const word = name === null || field === null ? `${zeros}${required ?? ''}` : field.write(fields[name]);
      if (topic === null) data += word;
      else topics.push(`0x${word}`);
    }
    return { topics, data };
  }

  /**
   * How `write` does it, for those who do it elsewhere: the event's topic, then of each parameter its field, the kind of that, and whether it is
   * a topic or data; of a parameter that no field tells the digits that it must have.
   */
  get shape(): string {
    const words = this.#words.map(({ name, field, required, topic }) => {
      const place = topic === null ? 'data' : 'topic';
      return field === null ? `:required:${place}:${required ?? ''}` : `${name ?? ''}:${field.kind}:${place}`;
    });
    return [this.event.topicHash, ...words].join(' ');
  }

  /** @throws RangeError where words are missing, or what is there is no hexadecimal in lower case */
  #assertReadable({ topics, data }: LogBody): void {
    if (topics.length < this.#topics) {
      throw new RangeError(`${this.event.name} has ${topics.length} topics, expected ${this.#topics}`);
    }
    if (data.length < this.#dataLength) {
      throw new RangeError(`${this.event.name} has ${data.length / 2 - 1} bytes of data, too few`);
    }
    if (!topics.every((topic) => TOPIC.test(topic)) || !DATA.test(data)) {
      throw new RangeError(`${this.event.name} is not written in lower-case hexadecimal`);
    }
  }
}

/** @throws RangeError where a parameter is left out, told twice, or of another type */
function wordsOf(
  { name: event, inputs }: EventFragment,
  fields: Fields<Values>,
  where: Readonly<Record<string, string>>,
): readonly Word[] {
  const told = Object.entries(fields);
  const parameters = new Set([...told.map(([, { parameter }]) => parameter), ...Object.keys(where)]);
  if (parameters.size !== inputs.length) throw new RangeError(`Not each parameter of ${event} is read once`);
  let topics = 1;
  let start = PREFIX_LENGTH;
  return inputs.map(({ name: parameter, type, indexed }) => {
    const [name = null, field = null] = told.find(([, one]) => one.parameter === parameter) ?? [];
    const required = where[parameter] ?? null;
    if (field === null && required === null) throw new RangeError(`${event} has an unread ${parameter}`);
    if (field !== null && !field.takes(type)) throw new RangeError(`${parameter} of ${event} is ${type}`);
    const zeros = '0'.repeat(WORD_DIGITS - digitsOf(type));
    const word = { name, field, required, zeros };
    if (indexed === true) return { ...word, topic: topics++, start: PREFIX_LENGTH };
    start += WORD_DIGITS;
    return { ...word, topic: null, start: start - WORD_DIGITS };
  });
}
