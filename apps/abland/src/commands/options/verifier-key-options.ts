import { parseVerifierKey, type SignatureType, type VerifierKey } from '@abland/audit-verify';
import { InvalidArgumentError } from 'commander';

type Collecting = (text: string, before?: readonly VerifierKey[]) => readonly VerifierKey[];

const collectOf =
  (type: SignatureType): Collecting =>
  (text, before = []) => {
    const key = parsed(text);
    if (key.type !== type) throw new InvalidArgumentError(NOT_OF_TYPE[type]);
    return [...before, key];
  };

/** Values of an option that names keys of a log, each in its place. */
export const logKeys = collectOf('ED25519');
export const witnessKeys = collectOf('COSIGNATURE');

const NOT_OF_TYPE: Readonly<Record<SignatureType, string>> = {
  ED25519: 'It must be the key of a log, not of a witness',
  COSIGNATURE: 'It must be the key of a witness, not of a log',
};

function parsed(text: string): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
