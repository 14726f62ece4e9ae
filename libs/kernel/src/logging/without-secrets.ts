/**
 * To the first character that no URL may have (RFC 3986): quotes and brackets that it may have are of it, since a key behind
 * them would be shown. URLs of files are in every stack trace and hold no secret. Begins only where a run of the characters of
 * protocols begins, so that the time taken is linear in the text, whatever it is.
 */
const URL_IN_TEXT = /(?<![a-z0-9+.-])([0-9+.-]*)(?!file:)([a-z][a-z0-9+.-]*):\/\/([^\s"`<>{}|\\^]+)/gi;
/** What may stand behind a URL in a sentence, and says nothing of a secret. */
const PUNCTUATION = ".,;:!?')";
/** A host, or several as a cluster has them: what a URL may tell of itself. */
const HOSTS = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)*$/i;
/** Characters of a text that are looked at and shown, where its user asks for no other number. */
const LENGTH_MAX = 8_192;

/** A text with another in the place of each URL in it, up to so many characters. */
export function replaceUrls(text: string, by: string, lengthMax = LENGTH_MAX): string {
  return replaced(text, lengthMax, (_protocol, _url, after) => `${by}${after}`);
}

/**
 * A text as it may be shown, up to so many characters: of each URL in it the protocol and the host alone. Passwords are before
 * the host, keys of providers after it, in the path or the query.
 */
export function withoutSecrets(text: string, lengthMax = LENGTH_MAX): string {
  return replaced(text, lengthMax, (protocol, url, after) => `${protocol}://${hostOf(url)}${after}`);
}

/** Cut before it is looked at: texts of others may have any length. */
function replaced(
  text: string,
  lengthMax: number,
  shown: (protocol: string, url: string, after: string) => string,
): string {
  const part = text.slice(0, lengthMax);
  return part
    .replace(URL_IN_TEXT, (whole: string, before: string, protocol: string, rest: string, at: number) => {
      // Of a URL that goes on behind the cut, a part of a password may look like a host.
      const isCut = part.length < text.length && at + whole.length === part.length;
      const length = isCut ? rest.length : lengthWithoutPunctuation(rest);
      return `${before}${shown(protocol, isCut ? '' : rest.slice(0, length), rest.slice(length))}`;
    })
    .slice(0, lengthMax)
    .toWellFormed();
}

function lengthWithoutPunctuation(text: string): number {
  let length = text.length;
  while (length > 0 && PUNCTUATION.includes(text.charAt(length - 1))) length -= 1;
  return length;
}

function hostOf(url: string): string {
  // A password that is not encoded may have slashes: the host is after the last @.
  const at = url.lastIndexOf('@') + 1;
  const [host = ''] = /^[^/?#]*/.exec(url.slice(at)) ?? [];
  if (!HOSTS.test(host)) return '…';
  const left = url.slice(at + host.length);
  return `${host}${left === '' || left === '/' ? left : '/…'}`;
}
