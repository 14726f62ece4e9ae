import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';

/** Namespace of every id that the API derives. Fixed for good: another one would let each command be given twice. */
const NAMESPACE = 'c3a1f2f4-6f0e-5b0e-9d53-2f8d0b6a7e11';

export const idOf = (...parts: readonly string[]): string => uuidv5(parts.join(':'), NAMESPACE);

/** The id of a command to a chain and of its request: the same key of the same caller on the same chain is the same command. */
export const commandIdOf = (chainId: number, caller: string, idempotencyKey: string): string =>
  idOf(String(chainId), caller.toLowerCase(), idempotencyKey);

/** Ids of the events of one command, so that a repeated append stores nothing twice. */
export const eventIds =
  (commandId: string, step = 'event') =>
  (index: number): string =>
    uuidv5(`${step}:${index}`, commandId);

/** An input as it was understood: JSON whose integers may be of any size. */
export type Understood =
  string | number | bigint | boolean | null | readonly Understood[] | { readonly [name: string]: Understood };

/** SHA-256 of a command's name and its input as the caller meant it, whatever the order of its fields. */
export function inputHashOf(command: string, input: Readonly<Record<string, Understood>>): string {
  return `0x${createHash('sha256').update(canonical({ command, input })).digest('hex')}`;
}

/** JSON whose fields are in the order of their names, so that the same input is the same text. */
export function canonical(value: Understood): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const isList = (value: Understood): value is readonly Understood[] => Array.isArray(value);
