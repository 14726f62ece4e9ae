import type { AnyRow } from './values.js';

/**
 * What is kept by the values of some columns: a map in a map for each. No text is made of a key, and of a text that is in several
 * keys of an event the hash is reckoned once.
 */
export class KeyIndex<Value> {
  private readonly root = new Map<unknown, unknown>();
  private count = 0;

  constructor(private readonly columns: readonly string[]) {}

  get size(): number {
    return this.count;
  }

  get(key: AnyRow): Value | undefined {
    let node: unknown = this.root;
    for (const name of this.columns) {
      node = (node as Map<unknown, unknown>).get(key[name]);
      if (node === undefined) return undefined;
    }
    return node as Value;
  }

  set(key: AnyRow, value: Value): void {
    const { columns } = this;
    let node = this.root;
    for (let index = 0; index < columns.length - 1; index += 1) {
      const part = key[columns[index] as string];
      let next = node.get(part) as Map<unknown, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(part, next);
      }
      node = next;
    }
    const last = key[columns.at(-1) as string];
    if (!node.has(last)) this.count += 1;
    node.set(last, value);
  }

  /** Returns whether it was there. */
  delete(key: AnyRow): boolean {
    const deleted = this.deleteFrom(this.root, key, 0);
    if (deleted) this.count -= 1;
    return deleted;
  }

  forEach(visit: (value: Value) => void): void {
    this.visitEach(this.root, 1, visit);
  }

  private deleteFrom(node: Map<unknown, unknown>, key: AnyRow, depth: number): boolean {
    const part = key[this.columns[depth] as string];
    if (depth === this.columns.length - 1) return node.delete(part);
    const next = node.get(part) as Map<unknown, unknown> | undefined;
    if (next === undefined || !this.deleteFrom(next, key, depth + 1)) return false;
    if (next.size === 0) node.delete(part);
    return true;
  }

  private visitEach(node: Map<unknown, unknown>, depth: number, visit: (value: Value) => void): void {
    for (const next of node.values()) {
      if (depth === this.columns.length) visit(next as Value);
      else this.visitEach(next as Map<unknown, unknown>, depth + 1, visit);
    }
  }
}
