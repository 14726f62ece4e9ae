import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Json, MadeBlock } from '@abland/chain/made-blocks';
import { headerJson } from './history.js';

/** What nodes tell of one block, as the JSON that they would send. */
export interface StoredBlock {
  /** Without the brace at its end. */
  readonly header: string;
  readonly hashes: string;
  readonly transactions: string;
  readonly receipts: string;
}

interface Place {
  readonly offset: number;
  readonly lengths: readonly number[];
  readonly firstLog: number;
}

/** Blocks on disk as the JSON that is told of them, so that telling costs a read and memory stays flat: a few bytes a log. */
export class HistoryFile {
  readonly #blocks: number;
  readonly #logs: number;
  readonly #places: Place[] = [];
  readonly #numberOf = new Map<string, number>();
  /** Where each log begins; behind the last one where the next would. */
  readonly #logStarts: number[] = [0];
  readonly #addressOf: number[] = [];
  readonly #topicOf: number[] = [];
  readonly #names: string[] = [];
  readonly #idOf = new Map<string, number>();
  #end = 0;

  constructor(folder: string) {
    this.#blocks = openSync(`${folder}/blocks`, 'w+');
    this.#logs = openSync(`${folder}/logs`, 'w+');
  }

  get length(): number {
    return this.#places.length;
  }

  /** Logs of all blocks before this one. */
  logsBefore(number: number): number {
    return this.#places[number]?.firstLog ?? this.#addressOf.length;
  }

  add(made: MadeBlock): void {
    const parts = [
      JSON.stringify(headerJson(made)).slice(0, -1),
      JSON.stringify(made.transactions.map(({ hash }) => hash)),
      JSON.stringify(made.transactions),
      JSON.stringify(made.receipts),
    ].map((text) => Buffer.from(text));
    this.#numberOf.set(String(made.header['hash']), this.length);
    this.#places.push({
      ...{ offset: this.#end, lengths: parts.map(({ length }) => length) },
      firstLog: this.#addressOf.length,
    });
    const bytes = Buffer.concat(parts);
    writeSync(this.#blocks, bytes, 0, bytes.length, this.#end);
    this.#end += bytes.length;
    this.#addLogs(made.logs);
  }

  block(at: number | string): StoredBlock | null {
    const place = this.#places[typeof at === 'number' ? at : (this.#numberOf.get(at) ?? -1)];
    if (place === undefined) return null;
    const bytes = read(this.#blocks, place.offset, place.offset + sum(place.lengths));
    const texts: string[] = [];
    let start = 0;
    for (const length of place.lengths) {
      texts.push(bytes.toString('utf8', start, start + length));
      start += length;
    }
    const [header = '', hashes = '', transactions = '', receipts = ''] = texts;
    return { header, hashes, transactions, receipts };
  }

  numberOf(hash: string): number | null {
    return this.#numberOf.get(hash) ?? null;
  }

  /** The logs of blocks as items of a JSON list. @param wanted by address and first topic; null: all */
  logs(
    fromBlock: number,
    toBlock: number,
    wanted: ((address: string, topic: string) => boolean) | null,
  ): string {
    const [first, end] = [this.logsBefore(fromBlock), this.logsBefore(toBlock + 1)];
    if (end <= first) return '';
    const start = this.#logStarts[first] ?? 0;
    const bytes = read(this.#logs, start, this.#logStarts[end] ?? start);
    if (wanted === null) return bytes.toString('utf8', 0, bytes.length - 1);
    const texts: string[] = [];
    for (let index = first; index < end; index += 1) {
      const [address = 0, topic = 0] = [this.#addressOf[index], this.#topicOf[index]];
      if (!wanted(this.#names[address] ?? '', this.#names[topic] ?? '')) continue;
      const [from = 0, to = 0] = [this.#logStarts[index], this.#logStarts[index + 1]];
      texts.push(bytes.toString('utf8', from - start, to - start - 1));
    }
    return texts.join(',');
  }

  close(): void {
    closeSync(this.#blocks);
    closeSync(this.#logs);
  }

  /** Each with a comma behind it. */
  #addLogs(logs: readonly Json[]): void {
    let end = this.#logStarts.at(-1) ?? 0;
    const texts = logs.map((log) => Buffer.from(`${JSON.stringify(log)},`));
    const bytes = Buffer.concat(texts);
    writeSync(this.#logs, bytes, 0, bytes.length, end);
    for (const [index, log] of logs.entries()) {
      end += texts[index]?.length ?? 0;
      this.#logStarts.push(end);
      this.#addressOf.push(this.#named(String(log['address'])));
      this.#topicOf.push(this.#named((log['topics'] as readonly string[])[0] ?? ''));
    }
  }

  #named(text: string): number {
    const known = this.#idOf.get(text);
    if (known !== undefined) return known;
    this.#idOf.set(text, this.#names.length);
    return this.#names.push(text) - 1;
  }
}

function read(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  readSync(file, bytes, 0, bytes.length, from);
  return bytes;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
