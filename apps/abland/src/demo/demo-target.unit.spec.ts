import { describe, expect, it } from '@jest/globals';
import { loadVisitorConfig } from '@abland/platform';
import { demoTarget, type DemoTarget } from './demo-target.js';

const RUNNING = { apiUrl: 'http://localhost:4250', chainRpcUrl: 'http://localhost:8750' };

const target = (
  env: Readonly<Record<string, string>>,
  running: typeof RUNNING | null,
  told: { readonly api?: string; readonly rpc?: string } = {},
): DemoTarget => demoTarget(told, env, loadVisitorConfig(env), running);

describe('where the demo goes', () => {
  it('is the system of the data folder, else where one would be that is configured the same', () => {
    const there = { apiUrl: RUNNING.apiUrl, rpcUrl: RUNNING.chainRpcUrl };
    expect(target({}, RUNNING)).toEqual(there);
    expect(target({ PORT: '4250', CHAIN_PORT: '8750' }, RUNNING)).toEqual(there);
    expect(target({ PORT: '0', CHAIN_PORT: '' }, RUNNING)).toEqual(there);
    expect(target({ PORT: '4251', CHAIN_PORT: '8751' }, null)).toEqual({
      apiUrl: 'http://localhost:4251',
      rpcUrl: 'http://localhost:8751',
    });
  });

  it.each(['PORT', 'CHAIN_PORT'])(
    'is refused where %s is not that of the system of the data folder',
    (name) => {
      expect(() => target({ [name]: '4999' }, RUNNING)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', variable: name }),
      );
    },
  );

  it('is what its options say, whatever the environment does', () => {
    const told = { api: 'http://there:1', rpc: 'http://there:2' };
    expect(target({ PORT: '4999', CHAIN_PORT: '4999' }, RUNNING, told)).toEqual({
      apiUrl: told.api,
      rpcUrl: told.rpc,
    });
  });
});
