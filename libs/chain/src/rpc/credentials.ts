/** A URL without its user and password, and these as HTTP's basic authentication has them (RFC 7617); null: it has none. */
export interface Asked {
  readonly url: string;
  readonly authorization: string | null;
}

/** As URLs of providers are given: `fetch` asks none that holds a user or a password. */
export function withoutCredentials(text: string): Asked {
  const url = new URL(text);
  const { password, username } = url;
  if (username === '' && password === '') return { url: text, authorization: null };
  url.username = '';
  url.password = '';
  const userPass = `${decoded(username)}:${decoded(password)}`;
  return { url: url.href, authorization: `Basic ${Buffer.from(userPass).toString('base64')}` };
}

/** A per cent sign that nobody encoded stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
