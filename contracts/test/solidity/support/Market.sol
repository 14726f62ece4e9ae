// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {ABForwarder} from '../../../forwarder/ABForwarder.sol';
import {ABLiquidityManager} from '../../../liquidity/ABLiquidityManager.sol';
import {ABTokenFactory} from '../../../tokens/ABTokenFactory.sol';
import {Test} from './Test.sol';

/// @title Three tokens of very different supplies, a pool of each two, and five people who hold them
abstract contract Market is Test {
    uint256 internal constant ACTORS = 5;
    uint256 internal constant NO_DEADLINE = type(uint256).max;

    ABForwarder internal forwarder;
    ABTokenFactory internal factory;
    ABLiquidityManager internal manager;
    address internal owner = address(0xA11CE);
    address internal treasury = address(0x7EA5);
    address[] internal tokens;
    bytes32[] internal pools;
    address[] internal actors;

    function openMarket() internal {
        forwarder = new ABForwarder();
        uint256 nonce = vm.getNonce(address(this));
        address managerAddress = vm.computeCreateAddress(address(this), nonce + 1);
        factory = new ABTokenFactory(address(forwarder), managerAddress, owner, treasury, 0);
        manager = new ABLiquidityManager(
            address(forwarder),
            address(0),
            address(factory),
            owner,
            treasury,
            address(0)
        );
        require(address(manager) == managerAddress, 'the manager is where the factory looks for it');

        for (uint160 i = 1; i <= ACTORS; ++i) actors.push(address(0xAC70000 + i));
        _launch('Dear', 'DEAR', 1_000_000, 0);
        _launch('Plain', 'PLAIN', 10 ** 9 * 10 ** 18, 18);
        _launch('Many', 'MANY', 10 ** 27 * 10 ** 18, 18);
        _open(0, 1, 1_000, 10 ** 24);
        _open(1, 2, 10 ** 20, 10 ** 38);
        _open(2, 0, 10 ** 30, 50_000);
    }

    function _launch(string memory name, string memory symbol, uint256 supply, uint8 decimals) private {
        address creator = actors[0];
        vm.prank(creator);
        address token = factory.createToken(name, symbol, supply, decimals, '');
        tokens.push(token);
        for (uint256 i = 0; i < ACTORS; ++i) {
            vm.prank(actors[i]);
            IERC20(token).approve(address(manager), type(uint256).max);
            if (i == 0) continue;
            vm.prank(creator);
            IERC20(token).transfer(actors[i], supply / ACTORS);
        }
    }

    function _open(uint256 x, uint256 y, uint256 amountX, uint256 amountY) private {
        vm.prank(actors[0]);
        pools.push(manager.createPool(tokens[x], tokens[y], amountX, amountY, NO_DEADLINE));
    }
}
