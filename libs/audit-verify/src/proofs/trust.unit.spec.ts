import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519';
import { toUtf8 } from '../bytes/bytes.js';
import { formatCheckpoint } from '../notes/checkpoint.js';
import { cosignedMessage, encodeCosignature } from '../notes/cosignature.js';
import { formatNote, type NoteSignature } from '../notes/signed-note.js';
import { type SignatureType, type VerifierKey, verifierKey } from '../notes/verifier-key.js';
import { type Trust, trustCheckpoint } from './trust.js';

const ORIGIN = 'example.com/log';
const TEXT = formatCheckpoint({ origin: ORIGIN, size: 7, root: new Uint8Array(32), extensions: [] });
const TIME = 1_679_315_147;

class Signer {
  readonly key: VerifierKey;
  constructor(
    name: string,
    private readonly byte: number,
    private readonly type: SignatureType,
  ) {
    this.key = verifierKey(name, type, ed25519.getPublicKey(this.seed));
  }

  get line(): NoteSignature {
    const signature =
      this.type === 'ED25519'
        ? ed25519.sign(toUtf8(TEXT), this.seed)
        : encodeCosignature(TIME, ed25519.sign(cosignedMessage(TEXT, TIME), this.seed));
    return { name: this.key.name, keyId: this.key.id, signature };
  }

  private get seed(): Uint8Array {
    return new Uint8Array(32).fill(this.byte);
  }
}

const LOG = new Signer(ORIGIN, 1, 'ED25519');
const [ONE, TWO] = [2, 3].map((byte) => new Signer(`example.com/w${byte}`, byte, 'COSIGNATURE')) as [
  Signer,
  Signer,
];
const trusted = (signers: readonly Signer[], trust: Partial<Trust>): number => {
  const note = formatNote({ text: TEXT, signatures: signers.map(({ line }) => line) });
  return trustCheckpoint(note, { logKeys: [LOG.key], witnessKeys: [], witnessesMin: 0, ...trust }).signatures
    .length;
};
const untrusted = expect.objectContaining({ fault: 'UNTRUSTED' });

describe('trust in a checkpoint', () => {
  it('takes as many witnesses as are asked for, of those that are named', () => {
    const witnessKeys = [ONE.key, TWO.key];
    expect(trusted([LOG, ONE, TWO], { witnessKeys, witnessesMin: 2 })).toBe(3);
    expect(() => trusted([LOG, ONE], { witnessKeys, witnessesMin: 2 })).toThrow(untrusted);
    expect(() => trusted([LOG, ONE, TWO], { witnessKeys: [ONE.key], witnessesMin: 2 })).toThrow(untrusted);
  });

  it('counts a witness once, whatever names it has and however often it is named', () => {
    const again = new Signer('example.com/also-w2', 2, 'COSIGNATURE');
    const witnessKeys = [ONE.key, ONE.key, again.key];
    expect(() => trusted([LOG, ONE, ONE, again], { witnessKeys, witnessesMin: 2 })).toThrow(untrusted);
  });

  it('takes no word of a witness for the log’s, nor the log’s for a witness’s', () => {
    const noted = new Signer('example.com/w9', 9, 'ED25519');
    expect(() => trusted([noted], { witnessKeys: [noted.key] })).toThrow(untrusted);
    expect(() => trusted([LOG, noted], { witnessKeys: [noted.key], witnessesMin: 1 })).toThrow(untrusted);
    const cosigning = new Signer(ORIGIN, 1, 'COSIGNATURE');
    expect(() => trusted([cosigning], { logKeys: [cosigning.key], witnessKeys: [cosigning.key] })).toThrow(
      untrusted,
    );
  });
});
