import { withoutSecrets } from '@abland/kernel';

/** Values under these keys never reach a log, at any depth. In lower case, without - and _. */
const SECRET_KEYS = new Set([
  'password',
  'passphrase',
  'secret',
  'secretkey',
  'privatekey',
  'privatekeys',
  'relayerprivatekey',
  'relayerprivatekeys',
  'masterkey',
  'masterkeys',
  'jwtsecret',
  'jwtothersecrets',
  'apikey',
  'accesstoken',
  'refreshtoken',
  'jwt',
  'authorization',
  'cookie',
  'setcookie',
  'signature',
  'mnemonic',
  ...['email', 'displayname', 'bio', 'avataruri'],
]);
/** What an error of the system or of PostgreSQL says of itself; whatever else hangs on one (a whole client, say) stays out. */
const ERROR_FIELDS = [
  ...['code', 'errno', 'syscall', 'address', 'port', 'signal', 'status'],
  ...['severity', 'schema', 'table', 'column', 'constraint', 'routine', 'where'],
  'shortMessage',
  'details',
] as const;
const DEPTH_MAX = 8;
const ITEMS_MAX = 100;
const TEXT_LENGTH_MAX = 8_192;
const REDACTED = '[Redacted]';

/**
 * Fields as they may stand in a log: bounded, without secrets at any depth, also in causes and parts of errors, and of what
 * JSON knows.
 */
export function loggable(fields: object): Record<string, unknown> {
  return isError(fields) ? { err: viewOf(fields, 0, []) } : entriesOf(fields, 0, []);
}

type Path = readonly object[];

function view(value: unknown, depth: number, above: Path): unknown {
  switch (typeof value) {
    case 'string':
      return shown(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return undefined;
    case 'object':
      return value === null ? null : viewOf(value, depth, above);
    default:
      return value;
  }
}

function viewOf(value: object, depth: number, above: Path): unknown {
  if (above.includes(value)) return '[Circular]';
  if (depth >= DEPTH_MAX) return '[Deeper]';
  const path = [...above, value];
  if (isError(value)) return errorView(value, depth, path);
  if (Array.isArray(value)) return list(value, depth, path);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return view((value as { toJSON(): unknown }).toJSON(), depth + 1, path);
  // Sockets, clients and the like would bring along all that they hold.
  if (!isPlain(value)) return `[${value.constructor?.name ?? 'object'}]`;
  return entriesOf(value, depth, path);
}

function entriesOf(value: object, depth: number, path: Path): Record<string, unknown> {
  const entries = Object.entries(value)
    .slice(0, ITEMS_MAX)
    .map(([key, item]: [string, unknown]) => [
      key,
      isSecret(key, item) ? REDACTED : view(item, depth + 1, path),
    ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function list(items: readonly unknown[], depth: number, path: Path): unknown[] {
  const seen = items.slice(0, ITEMS_MAX).map((item) => view(item, depth + 1, path));
  return items.length > ITEMS_MAX ? [...seen, `[${items.length - ITEMS_MAX} more]`] : seen;
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function errorView(error: ErrorLike, depth: number, path: Path): Record<string, unknown> {
  const said = Object.fromEntries(
    ERROR_FIELDS.flatMap((name) => {
      const value: unknown = (error as unknown as Record<string, unknown>)[name];
      return value === undefined || value === null ? [] : [[name, view(value, depth + 1, path)]];
    }),
  );
  const { cause, errors } = error;
  return {
    type: error.constructor?.name ?? error.name,
    message: shown(String(error.message)),
    ...said,
    ...(cause === undefined ? {} : { cause: view(cause, depth + 1, path) }),
    ...(Array.isArray(errors) ? { errors: list(errors, depth, path) } : {}),
    ...(typeof error.stack === 'string' ? { stack: shown(error.stack) } : {}),
  };
}

function shown(text: string): string {
  const part = withoutSecrets(text, TEXT_LENGTH_MAX);
  return text.length <= TEXT_LENGTH_MAX ? part : `${part}… [${text.length - TEXT_LENGTH_MAX} more]`;
}

function isSecret(key: string, value: unknown): boolean {
  return value !== null && value !== undefined && SECRET_KEYS.has(key.replaceAll(/[-_]/g, '').toLowerCase());
}

/** By shape rather than by class: errors of another realm are errors too. */
function isError(value: object): value is ErrorLike {
  return value instanceof Error || ('message' in value && 'stack' in value && 'name' in value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
