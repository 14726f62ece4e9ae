/** A path without the slash that it may end with. */
export const plainPath = (pathname: string): string => pathname.replace(/(.)\/+$/, '$1');

/**
 * What a path has in the places that a pattern names (`/tokens/:address`), as it was typed; null where it is none of the pattern, also
 * where such a place is no text that a URL may hold.
 */
export function matchPath(pattern: string, pathname: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split('/');
  const given = plainPath(pathname).split('/');
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return null;
      continue;
    }
    const value = decoded(text);
    if (value === null || value === '') return null;
    found[part.slice(1)] = value;
  }
  return found;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
