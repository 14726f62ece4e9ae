import type { Result } from 'ethers';
import type { Address, AmountText, HexData } from '@abland/domain';
import { checksummed } from './checksums.js';

/** Where a log's strings are read as bytes, so that malformed ones cannot hide the rest of it. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const TEXT_LENGTH_MAX = 10_000;

/** Whatever bytes a stranger put in the place of a text: malformed ones are replaced, too many are cut. */
function untrustedText(bytes: unknown): string {
  const text = UTF8.decode(Buffer.from(String(bytes).slice(2), 'hex'));
  return text.length <= TEXT_LENGTH_MAX ? text : text.slice(0, TEXT_LENGTH_MAX).toWellFormed();
}

const addressOf = (value: unknown): Address => checksummed(String(value).slice(2).toLowerCase());

/** Arguments of a log by name, in the formats of the event catalogue. */
export class Arguments {
  constructor(private readonly args: Result) {}

  address(name: string): Address {
    return addressOf(this.value(name));
  }
  addresses(name: string): readonly Address[] {
    return this.list(name).map(addressOf);
  }
  amount(name: string): AmountText {
    return BigInt(this.value(name) as bigint).toString();
  }
  amounts(name: string): readonly AmountText[] {
    return this.list(name).map((value) => BigInt(value as bigint).toString());
  }
  /** @throws RangeError beyond 2^53 */
  integer(name: string): number {
    const number = Number(this.value(name));
    if (!Number.isSafeInteger(number)) throw new RangeError(`${name} is too large: ${this.amount(name)}`);
    return number;
  }
  bytes(name: string): HexData {
    return String(this.value(name));
  }
  bytesList(name: string): readonly HexData[] {
    return this.list(name).map(String);
  }
  /** Of a string that a LenientParser read. */
  untrustedText(name: string): string {
    return untrustedText(this.value(name));
  }
  untrustedTexts(name: string): readonly string[] {
    return this.list(name).map(untrustedText);
  }

  private value(name: string): unknown {
    return this.args.getValue(name) as unknown;
  }

  private list(name: string): readonly unknown[] {
    return (this.value(name) as Result).toArray() as readonly unknown[];
  }
}
