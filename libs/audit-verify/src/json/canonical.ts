export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * RFC 8785 (JCS): members in the order of their names' UTF-16 code units, no blanks, numbers and strings as ECMAScript writes
 * them. Half a surrogate pair, for which RFC 8785 has no form, is written as its escape: what is in a log must be told whatever
 * it is.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return isArray(value) ? writeItems(value) : writeMembers(value);
}

/** What JSON.stringify would only put quotes around, at some cost. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function writeItems(items: readonly JsonValue[]): string {
  let text = '';
  for (const item of items) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
  return `[${text}]`;
}

function writeMembers(value: { readonly [key: string]: JsonValue }): string {
  let text = '';
  for (const name of inOrder(Object.keys(value)))
    text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalJson(value[name] ?? null)}`;
  return `{${text}}`;
}

/** Members are few, and often almost in order: by insertion, which no comparing function slows down. */
function inOrder(names: string[]): readonly string[] {
  if (names.length > INSERTED_MAX) return names.sort();
  for (let at = 1; at < names.length; at += 1) {
    const name = names[at] ?? '';
    let place = at;
    for (; place > 0 && (names[place - 1] ?? '') > name; place -= 1) names[place] = names[place - 1] ?? '';
    names[place] = name;
  }
  return names;
}

const INSERTED_MAX = 24;

const isArray = (value: object): value is readonly JsonValue[] => Array.isArray(value);
