/** node-postgres takes them for `verify-full` too, with a warning that it will not for ever. */
const VERIFIED = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/;
/** With it, the modes are what they are to PostgreSQL's own clients. */
const AS_LIBPQ = /[?&]uselibpqcompat=true(?=&|$)/;

/** A database's URL that says what is done: whoever asks for TLS is given a server whose certificate is verified. */
export function verifiedUrl(connectionString: string): string {
  if (AS_LIBPQ.test(connectionString)) return connectionString;
  return connectionString.replace(VERIFIED, '$1verify-full');
}
