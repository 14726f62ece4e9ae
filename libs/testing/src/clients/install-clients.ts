import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { failing, INSTALL_MS, installed, installedByGo } from '../installed.js';

const run = promisify(execFile);
const ANVIL = '1.7.1';
const GETH = '1.17.10';

/** Path of anvil, fetched by npm where it is not there yet. @throws with the reason why it cannot be had */
export async function installAnvil(): Promise<string> {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const binary = `node_modules/@foundry-rs/anvil-${platform}/bin/anvil`;
  return installed(`anvil-${ANVIL}`, binary, async (folder) => {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    const args = ['install', '--prefix', folder, ...quiet, `@foundry-rs/anvil@${ANVIL}`];
    await run('npm', args, { timeout: INSTALL_MS }).catch(failing('npm could not fetch anvil'));
  });
}

/** Path of Geth, built where it is not there yet, which takes minutes. @throws with the reason why it cannot be had */
export const installGeth = (): Promise<string> =>
  installedByGo('geth', GETH, 'github.com/ethereum/go-ethereum/cmd/geth');
