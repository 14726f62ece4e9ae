import { parse, stringify } from 'uuid';
import type { HexData, Uuid } from '@abland/domain';

/** "abland" and a version, so that no other trailing bytes are taken for a tag. */
const MAGIC = '61626c616e640001';
const TAG_HEX_LENGTH = MAGIC.length + 32;

/**
 * Appends 24 bytes that name the command behind a contract call. Solidity ignores bytes after its arguments, so the call
 * does the same; whoever reads the transaction knows which command claims it.
 */
export function tagCalldata(data: HexData, commandId: Uuid): HexData {
  return `${data}${MAGIC}${Buffer.from(parse(commandId)).toString('hex')}`;
}

/**
 * The command named by calldata; null where it carries no tag. A claim of the transaction's sender: compare what was done
 * with what was commanded before believing it.
 */
export function readCommandTag(input: HexData): Uuid | null {
  const tag = input.slice(-TAG_HEX_LENGTH).toLowerCase();
  if (tag.length !== TAG_HEX_LENGTH || !tag.startsWith(MAGIC)) return null;
  const bytes = Buffer.from(tag.slice(MAGIC.length), 'hex');
  if (bytes.length !== 16) return null;
  try {
    return stringify(bytes);
  } catch {
    // Sixteen bytes that are no UUID: somebody else's.
    return null;
  }
}
