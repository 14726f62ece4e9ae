import { hostname } from 'node:os';
import { type Logger, withoutSecrets } from '@abland/kernel';
import { type Logger as Pino, pino } from 'pino';
import { ECS_VERSION, ecsFields } from './ecs-line.js';
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

/** Keys of a readable line that fields may not take: a line has each key once. */
const RESERVED = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name']);
const STANDARD_OUTPUT = 1;

/** How the fields of a line stand in it. */
type Shape = (fields: Record<string, unknown>) => Record<string, unknown>;

/**
 * Lines of JSON by the Elastic Common Schema, without secrets, each key once, bigints as text. Writing them never throws, whatever becomes
 * of the disk.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, name } = options;
  // Fields come as they are to be written.
  const serializers = { err: (err: unknown) => err };
  if (options.pretty === true) {
    const transport = { target: 'pino-pretty', options: { ignore: 'pid,hostname', destination: 2 } };
    const base = { pid: process.pid, hostname: hostname(), name };
    const timestamp = pino.stdTimeFunctions.isoTime;
    return loggerOn(pino({ level, base, serializers, timestamp, transport }), unreserved, {});
  }
  const base = {
    'ecs.version': ECS_VERSION,
    process: { pid: process.pid },
    host: { hostname: hostname() },
    service: { name },
  };
  const lines = pino(
    {
      level,
      base,
      serializers,
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
    },
    sinkOf(options.file, (lost) =>
      JSON.stringify({
        'log.level': 'error',
        '@timestamp': new Date().toISOString(),
        ...base,
        abland: { lost },
        message: 'lines of this log could not be written and are lost',
      }),
    ),
  );
  return loggerOn(lines, ecsFields, {});
}

const sinkOf = (file: string | undefined, lostLine: (lost: number) => string): LineSink =>
  file === undefined
    ? new LineSink(STANDARD_OUTPUT, { lostLine })
    : new LineSink(file, { lostLine, onLoss: sayThatLinesAreLost, onWritten: sayThatItWrites });

/** Its fields are in every line; a field of the same name that is given later takes its place. */
function loggerOn(lines: Pino, shape: Shape, bound: Record<string, unknown>): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (lines.isLevelEnabled(level))
        lines[level](shape({ ...bound, ...loggable(fields) }), withoutSecrets(message));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerOn(lines, shape, { ...bound, ...loggable(fields) }),
  };
}

const unreserved: Shape = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [RESERVED.has(key) ? `${key}_` : key, value]),
  );

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
