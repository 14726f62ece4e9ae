import { AblandError } from '@abland/kernel';

/** A wrong or missing environment variable, or a wrong value in the file that it names. */
export class ConfigError extends AblandError {
  readonly code = 'CONFIG_INVALID';
  /** @param path of the value in the file, `chains[1].finality.depth` say; absent: the variable itself is wrong */
  constructor(
    readonly variable: string,
    problem: string,
    path?: string,
  ) {
    super(path === undefined ? `${variable} ${problem}` : `${variable}: ${path} ${problem}`, {
      variable,
      ...(path === undefined ? {} : { path }),
    });
  }
}
