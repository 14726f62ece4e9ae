import { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { addContractCommands } from './contract-commands.js';

const contractCommands = (env: Readonly<Record<string, string>>): readonly Command[] => {
  const program = new Command('abland');
  addContractCommands(program, env);
  return program.commands[0]?.commands ?? [];
};

describe('the commands for contracts', () => {
  it("tell where the chain's URL is from by default, and not the key in it", () => {
    const commands = contractCommands({ CHAIN_RPC_URLS: 'https://provider.example/v3/k3y, http://two:8545' });
    expect(commands.map((command) => command.name())).toEqual(['deploy', 'verify']);
    for (const command of commands) {
      expect(command.helpInformation().replace(/\s+/g, ' ')).toContain(
        'default: the first of CHAIN_RPC_URLS',
      );
      expect(command.helpInformation()).not.toContain('k3y');
      expect(command.getOptionValue('rpc')).toBe('https://provider.example/v3/k3y');
    }
  });

  it.each(['', ' '])('have no default where CHAIN_RPC_URLS is "%s"', (CHAIN_RPC_URLS) => {
    for (const command of contractCommands({ CHAIN_RPC_URLS }))
      expect(command.getOptionValue('rpc')).toBeUndefined();
  });
});
