import type { Hash, HexData } from '@abland/domain';
import { withoutSecrets } from '@abland/kernel';
import { MalformedAnswerError } from './errors.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Providers leave out a field that says nothing, or give null for it. */
export const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** EIP-2718; a transaction and a receipt of the legacy type may say none. NaN where it is no number. */
export const typeOf = ({ type }: Fields): number => (isAbsent(type) ? 0 : Number(type));

const HASH = /^0x[0-9a-f]{64}$/i;
const ADDRESS = /^0x[0-9a-f]{40}$/i;
const BYTES = /^0x(?:[0-9a-f]{2})*$/i;
const QUANTITY = /^0x[0-9a-f]{1,64}$/i;
const SHOWN_MAX = 80;

/** Reads the fields of one provider's answers into types; whatever is not as it must be is that provider's fault, by name. */
export class Reading {
  constructor(
    /** Its URL without what may be a key. */
    private readonly provider: string,
    /** What is read, as an operator would call it. */
    private readonly what: string,
  ) {}

  object(value: unknown, name = 'the answer'): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.fault(name, value);
    return value as Fields;
  }

  list(value: unknown, name = 'the answer'): readonly unknown[] {
    if (!Array.isArray(value)) throw this.fault(name, value);
    return value;
  }

  /** 32 bytes, in lower case. */
  hash(fields: Fields, name: string): Hash {
    return this.#matching(HASH, fields, name);
  }

  /** 20 bytes, in lower case. */
  address(fields: Fields, name: string): HexData {
    return this.#matching(ADDRESS, fields, name);
  }

  /** Whole bytes, in lower case. */
  bytes(fields: Fields, name: string): HexData {
    return this.#matching(BYTES, fields, name);
  }

  /** A number as it was written, of up to 256 bits. */
  quantity(fields: Fields, name: string): HexData {
    return this.#matching(QUANTITY, fields, name);
  }

  number(fields: Fields, name: string): number {
    const value = Number(this.quantity(fields, name));
    if (!Number.isSafeInteger(value)) throw this.fault(name, fields[name]);
    return value;
  }

  fault(name: string, value: unknown): MalformedAnswerError {
    const shown = (JSON.stringify(value) ?? 'absent').slice(0, SHOWN_MAX);
    return new MalformedAnswerError(`${this.provider}: ${name} of ${this.what} is ${withoutSecrets(shown)}`, {
      provider: this.provider,
      what: this.what,
      field: name,
    });
  }

  #matching(pattern: RegExp, fields: Fields, name: string): string {
    const value = fields[name];
    if (typeof value !== 'string' || !pattern.test(value)) throw this.fault(name, value);
    return value.toLowerCase();
  }
}
