export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * RFC 8785 (JCS): members in the order of their names' UTF-16 code units, no blanks, numbers and strings as ECMAScript writes
 * them. What JSON.stringify does to a value whose members are in order is just that, and it is the machine's own code; only names
 * that JavaScript sorts or takes for something else are written here. Half a surrogate pair, for which RFC 8785 has no form, is
 * written as its escape: what is in the log must be told whatever it is.
 */
export function canonicalJson(value: JsonValue): string {
  const ordered = inOrder(value);
  return ordered === OWN_WAY ? write(value) : JSON.stringify(ordered);
}

/** Some name cannot be put in its place in a JavaScript object. */
const OWN_WAY = Symbol('own way');
type Ordered = JsonValue | typeof OWN_WAY;

/** Array indexes come first in every object, whatever was put in before them. */
const isKeptApart = (name: string): boolean => {
  const first = name.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || name === '__proto__';
};

function inOrder(value: JsonValue): Ordered {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return itemsInOrder(value);
  const names = Object.keys(value);
  if (names.some(isKeptApart)) return OWN_WAY;
  const ordered: Record<string, JsonValue> = {};
  for (const name of names.sort()) {
    const member = inOrder(value[name] ?? null);
    if (member === OWN_WAY) return OWN_WAY;
    ordered[name] = member;
  }
  return ordered;
}

function itemsInOrder(items: readonly JsonValue[]): Ordered {
  const ordered: JsonValue[] = [];
  for (const item of items) {
    const one = inOrder(item);
    if (one === OWN_WAY) return OWN_WAY;
    ordered.push(one);
  }
  return ordered;
}

function write(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${write(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

const isArray = (value: object): value is readonly JsonValue[] => Array.isArray(value);
