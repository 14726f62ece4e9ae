import type { Logger } from '@abland/kernel';
import { pino } from 'pino';

export interface LoggerOptions {
  readonly level: string;
  readonly name: string;
  /** Readable lines for a person at a terminal rather than JSON for a machine. */
  readonly pretty?: boolean;
  /** A file instead of standard output. */
  readonly file?: string;
}

/** Values under these keys never reach a log. */
const REDACTED = [
  'password',
  'signature',
  'authorization',
  'jwt',
  'privateKey',
  '*.password',
  '*.signature',
  '*.authorization',
  ...['email', 'displayName', 'bio', 'avatarUri'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
];

/** A pino logger; bigints, which JSON lacks, are written as text. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    name: options.name,
    redact: REDACTED,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: textBigints },
  };
  const logger = options.pretty
    ? pino({
        ...settings,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', destination: 2 } },
      })
    : pino(settings, pino.destination(options.file === undefined ? 1 : { dest: options.file, mkdir: true }));
  return logger as unknown as Logger;
}

function textBigints(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields);
  if (!entries.some(([, value]) => typeof value === 'bigint')) return fields;
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
  );
}
