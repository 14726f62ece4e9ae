import { ConfigError, type Environment, type VisitorConfig } from '@abland/platform';
import type { RunningSystem } from '../start/running-file.js';

export interface DemoTarget {
  readonly apiUrl: string;
  readonly rpcUrl: string;
}

/**
 * Where the demo goes: where it is told to by its options, else to the system that runs on the data folder, else where one
 * would be that is configured the same.
 * @throws ConfigError where the environment names another port than the system of the data folder has
 */
export function demoTarget(
  told: { readonly api?: string; readonly rpc?: string },
  env: Environment,
  config: VisitorConfig,
  running: Pick<RunningSystem, 'apiUrl' | 'chainRpcUrl'> | null,
): DemoTarget {
  if (running !== null) {
    if (told.api === undefined) refuseOther('PORT', env, running.apiUrl, '--api');
    const isEmbedded = (env['CHAIN_RPC_URLS'] ?? '') === '' && (env['CHAINS_FILE'] ?? '') === '';
    if (told.rpc === undefined && isEmbedded) refuseOther('CHAIN_PORT', env, running.chainRpcUrl, '--rpc');
  }
  return {
    apiUrl: told.api ?? running?.apiUrl ?? config.apiUrl,
    rpcUrl: told.rpc ?? running?.chainRpcUrl ?? config.chainRpcUrl,
  };
}

/** Port 0 is whichever was free. */
function refuseOther(name: 'PORT' | 'CHAIN_PORT', env: Environment, url: string, option: string): void {
  const named = env[name] ?? '';
  const { port, host } = new URL(url);
  if (named === '' || Number(named) === 0 || named === port) return;
  throw new ConfigError(
    name,
    `is ${named}, and the system that runs on the data folder is at ${host}: leave it out, set ABLAND_DATA_DIR to the other's folder, or say ${option}`,
  );
}
