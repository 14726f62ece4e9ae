import type { KeyCode } from './table-code.js';
import type { AnyRow } from './values.js';

type Node = Map<unknown, unknown>;

/**
 * What is kept by the values of some columns: a map in a map for each. No text is made of a key, and of a text that is in several
 * keys of an event the hash is reckoned once. Keys that differ in the last column alone are found in one step after each other.
 */
export class KeyIndex<Value> {
  private readonly root: Node = new Map();
  private count = 0;
  /** The map that `nearby` is in. */
  private leaf: Node = this.root;
  private nearby: AnyRow | null = null;
  private readonly last: (key: AnyRow) => unknown;

  constructor(private readonly code: KeyCode) {
    this.last = code.parts.at(-1) as (key: AnyRow) => unknown;
  }

  get size(): number {
    return this.count;
  }

  get(key: AnyRow): Value | undefined {
    return this.leafOf(key)?.get(this.last(key)) as Value | undefined;
  }

  set(key: AnyRow, value: Value): void {
    const leaf = this.leafOf(key) ?? this.newLeafOf(key);
    const before = leaf.size;
    leaf.set(this.last(key), value);
    this.count += leaf.size - before;
  }

  /** Returns whether it was there. */
  delete(key: AnyRow): boolean {
    const deleted = this.deleteFrom(this.root, key, 0);
    if (deleted) this.count -= 1;
    return deleted;
  }

  clear(): void {
    this.root.clear();
    this.count = 0;
    this.nearby = null;
  }

  forEach(visit: (value: Value) => void): void {
    this.visitEach(this.root, 1, visit);
  }

  private leafOf(key: AnyRow): Node | undefined {
    const { nearby } = this;
    if (nearby !== null && this.code.isBeside(nearby, key)) return this.leaf;
    const { parts } = this.code;
    let node: Node | undefined = this.root;
    for (let depth = 0; depth < parts.length - 1 && node !== undefined; depth += 1)
      node = node.get((parts[depth] as (key: AnyRow) => unknown)(key)) as Node | undefined;
    if (node === undefined) return undefined;
    this.leaf = node;
    this.nearby = key;
    return node;
  }

  private newLeafOf(key: AnyRow): Node {
    let node = this.root;
    for (const part of this.code.parts.slice(0, -1)) {
      const value = part(key);
      const next = node.get(value) as Node | undefined;
      const made: Node = next ?? new Map();
      if (next === undefined) node.set(value, made);
      node = made;
    }
    return node;
  }

  private deleteFrom(node: Node, key: AnyRow, depth: number): boolean {
    const { parts } = this.code;
    const part = (parts[depth] as (key: AnyRow) => unknown)(key);
    if (depth === parts.length - 1) return node.delete(part);
    const next = node.get(part) as Node | undefined;
    if (next === undefined || !this.deleteFrom(next, key, depth + 1)) return false;
    if (next.size === 0) {
      node.delete(part);
      this.nearby = null;
    }
    return true;
  }

  private visitEach(node: Node, depth: number, visit: (value: Value) => void): void {
    for (const next of node.values()) {
      if (depth === this.code.parts.length) visit(next as Value);
      else this.visitEach(next as Node, depth + 1, visit);
    }
  }
}
