import { ed25519 } from '@noble/curves/ed25519';
import { concatenated, toUtf8 } from '../bytes/bytes.js';
import { formatCheckpoint } from '../notes/checkpoint.js';
import { formatNote } from '../notes/signed-note.js';
import { type VerifierKey, verifierKey } from '../notes/verifier-key.js';
import { HASHER, merkleTreeHash } from '../merkle/reference-tree.fixture.js';
import { encodeBundle } from '../tiles/entry-bundle.js';
import { TILE_WIDTH, type TileName } from '../tiles/tile-path.js';
import type { LogPlace } from './watched-place.js';

export const ORIGIN = 'example.com/log';
export const SECRET = new Uint8Array(32).fill(7);
export const keyOf = (secret: Uint8Array): VerifierKey =>
  verifierKey(ORIGIN, 'ED25519', ed25519.getPublicKey(secret));

/** Who asks more often waits for what does not come: nothing else would end a test of that. */
const ASKED_MAX = 1_000;
const LEAVES = new Map<string, Uint8Array>();

function leafOf(entry: string): Uint8Array {
  const leaf = LEAVES.get(entry) ?? HASHER.leaf(toUtf8(entry));
  LEAVES.set(entry, leaf);
  return leaf;
}

/** A log that is served as a test wants it. */
export class ServedEntries implements LogPlace {
  secret = SECRET;
  /** Entries from this one on are kept back. */
  publicUntil = Infinity;
  /** What becomes of what is served. */
  changed: (name: TileName, bytes: Uint8Array) => Uint8Array = (_name, bytes) => bytes;
  readonly asked: TileName[] = [];

  constructor(
    public served: readonly string[],
    readonly url = 'https://one.example/log',
  ) {}

  /** How large the tree of the checkpoint is; default: as many entries as there are. */
  size: number | null = null;

  async checkpoint(): Promise<string> {
    const size = this.size ?? this.served.length;
    const root = merkleTreeHash(this.leaves.slice(0, size));
    const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] });
    const { id, name } = keyOf(this.secret);
    const signature = ed25519.sign(toUtf8(text), this.secret);
    return formatNote({ text, signatures: [{ name, keyId: id, signature }] });
  }

  async tile(name: TileName): Promise<Uint8Array> {
    this.asked.push(name);
    const { leaves } = this;
    const span = TILE_WIDTH ** Number(name.level);
    const hashes = Array.from({ length: name.width }, (_, at) => {
      const start = (name.number * TILE_WIDTH + at) * span;
      return merkleTreeHash(leaves.slice(start, start + span));
    });
    return this.changed(name, concatenated(...hashes));
  }

  async entries(name: TileName): Promise<Uint8Array | null> {
    if (this.asked.push(name) > ASKED_MAX) throw new Error('It is asked without an end');
    const from = name.number * TILE_WIDTH;
    if (from + name.width > this.publicUntil) return null;
    return this.changed(name, encodeBundle(this.served.slice(from, from + name.width).map(toUtf8)));
  }

  private get leaves(): readonly Uint8Array[] {
    return this.served.map(leafOf);
  }
}

export const entriesOf = (count: number, of = 'entry'): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${of} ${at}`);
