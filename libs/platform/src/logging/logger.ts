import { hostname } from 'node:os';
import { type Logger, withoutSecrets } from '@abland/kernel';
import { type Logger as Pino, pino } from 'pino';
import { LineSink } from './line-sink.js';
import { loggable } from './loggable.js';

export interface LoggerOptions {
  readonly level: string;
  readonly name: string;
  /** Readable lines for a person at a terminal rather than JSON for a machine. */
  readonly pretty?: boolean;
  /** A file instead of standard output. */
  readonly file?: string;
}

/** Keys of a line that fields may not take: a line has each key once. */
const RESERVED = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name']);
const STANDARD_OUTPUT = 1;

/** Lines of JSON without secrets, each key once, bigints as text. Writing them never throws, whatever becomes of the disk. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { pid: process.pid, hostname: hostname(), name: options.name },
    // Fields come as they are to be written.
    serializers: { err: (err: unknown) => err },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  if (options.pretty === true) {
    const transport = { target: 'pino-pretty', options: { ignore: 'pid,hostname', destination: 2 } };
    return loggerOn(pino({ ...settings, transport }), {});
  }
  const sink =
    options.file === undefined
      ? new LineSink(STANDARD_OUTPUT)
      : new LineSink(options.file, sayThatLinesAreLost, undefined, sayThatItWrites);
  return loggerOn(pino(settings, sink), {});
}

/** Its fields are in every line; a field of the same name that is given later takes its place. */
function loggerOn(lines: Pino, bound: Record<string, unknown>): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (lines.isLevelEnabled(level))
        lines[level]({ ...bound, ...unreserved(fields) }, withoutSecrets(message));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerOn(lines, { ...bound, ...unreserved(fields) }),
  };
}

function unreserved(fields: object): Record<string, unknown> {
  const entries = Object.entries(loggable(fields));
  return Object.fromEntries(entries.map(([key, value]) => [RESERVED.has(key) ? `${key}_` : key, value]));
}

function sayThatLinesAreLost(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  sayOnStandardError(`the log file cannot be written, lines are lost: ${why}`);
}

function sayThatItWrites(lost: number): void {
  sayOnStandardError(`the log file is written again, ${lost} ${lost === 1 ? 'line was' : 'lines were'} lost`);
}

function sayOnStandardError(sentence: string): void {
  try {
    process.stderr.write(`abland: ${sentence}\n`);
  } catch {
    // Nobody is there to be told.
  }
}
