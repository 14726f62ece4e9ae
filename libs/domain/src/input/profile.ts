import { refusal } from '../vocabulary/errors.js';
import { shows } from './printable.js';

const DISPLAY_NAME_LENGTH_MAX = 50;
const BIO_LENGTH_MAX = 500;
/** RFC 5321, 4.5.3.1.3 with the brackets taken off. */
const EMAIL_LENGTH_MAX = 254;
const AVATAR_URI_LENGTH_MAX = 512;

/**
 * 1 to 50 characters, counted as code points, neither starting nor ending with white space, without control or invisible characters.
 * @throws DomainError INVALID_DISPLAY_NAME
 */
export function parseDisplayName(text: string, field = 'displayName'): string {
  if (text === '' || [...text].length > DISPLAY_NAME_LENGTH_MAX || text.trim() !== text || !shows(text)) {
    throw refusal(
      'INVALID_DISPLAY_NAME',
      'A display name has 1 to 50 characters that print, and neither starts nor ends with a space',
      field,
    );
  }
  return text;
}

/**
 * local@domain with a dot in the domain, visible ASCII, at most 254 characters. Whether anybody reads it is not known.
 * @throws DomainError INVALID_EMAIL
 */
export function parseEmail(text: string, field = 'email'): string {
  const shaped =
    /^[\x21-\x3f\x41-\x7e]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
  if (text.length > EMAIL_LENGTH_MAX || !shaped.test(text)) {
    throw refusal('INVALID_EMAIL', 'An e-mail address is like name@example.org', field);
  }
  return text;
}

/**
 * Up to 500 characters, counted as code points; a line feed is the only control character allowed, and none is invisible.
 * @throws DomainError INVALID_BIO
 */
export function parseBio(text: string, field = 'bio'): string {
  if ([...text].length > BIO_LENGTH_MAX || !shows(text.replaceAll('\n', ''))) {
    throw refusal(
      'INVALID_BIO',
      'A bio has at most 500 characters, and no control or invisible characters but line feeds',
      field,
    );
  }
  return text;
}

/**
 * https:// or ipfs:// and visible ASCII, at most 512 characters: what a page may load as an image.
 * @throws DomainError INVALID_AVATAR_URI
 */
export function parseAvatarUri(text: string, field = 'avatarUri'): string {
  if (text.length > AVATAR_URI_LENGTH_MAX || !/^(?:https|ipfs):\/\/[\x21-\x7e]+$/.test(text)) {
    throw refusal(
      'INVALID_AVATAR_URI',
      'An avatar is a URI with https:// or ipfs://, at most 512 characters',
      field,
    );
  }
  return text;
}
