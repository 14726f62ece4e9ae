// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {ABForwarder} from '../../../forwarder/ABForwarder.sol';
import {IABRouter} from '../../../interfaces/IABRouter.sol';
import {ABLiquidityManager} from '../../../liquidity/ABLiquidityManager.sol';
import {ABRouter} from '../../../liquidity/ABRouter.sol';
import {ABTokenFactory} from '../../../tokens/ABTokenFactory.sol';
import {Test} from './Test.sol';

/// @title Three tokens of very different supplies, a pool of each two, and five people who hold them
abstract contract Market is Test {
    uint256 public constant ACTORS = 5;
    uint256 internal constant NO_DEADLINE = type(uint256).max;

    ABForwarder internal forwarder;
    ABTokenFactory internal factory;
    ABLiquidityManager internal manager;
    ABRouter internal router;
    address internal constant owner = address(0xA11CE);
    address internal constant treasury = address(0x7EA5);
    address internal constant guardian = address(0x6A4D);
    address[3] internal tokens;
    bytes32[3] internal pools;
    IABRouter.Permit[] internal noPermits;

    /// @notice One of the five.
    function actorOf(uint256 seed) public pure returns (address) {
        return address(uint160(0xAC70001 + (seed % ACTORS)));
    }

    function openMarket() internal {
        deployMarket();
        _launch(0, 'Dear', 'DEAR', 1_000_000, 0);
        _launch(1, 'Plain', 'PLAIN', 10 ** 9 * 10 ** 18, 18);
        _launch(2, 'Many', 'MANY', 10 ** 27 * 10 ** 18, 18);
        _open(0, 0, 1, 1_000, 10 ** 24);
        _open(1, 1, 2, 10 ** 20, 10 ** 38);
        _open(2, 2, 0, 10 ** 30, 50_000);
    }

    function deployMarket() internal {
        forwarder = new ABForwarder();
        uint256 nonce = vm.getNonce(address(this));
        address managerAddress = vm.computeCreateAddress(address(this), nonce + 1);
        address routerAddress = vm.computeCreateAddress(address(this), nonce + 2);
        factory = new ABTokenFactory(address(forwarder), managerAddress, owner, treasury, 0);
        manager = new ABLiquidityManager(
            address(forwarder),
            routerAddress,
            address(factory),
            owner,
            treasury,
            guardian
        );
        router = new ABRouter(address(forwarder), manager);
        require(address(manager) == managerAddress, 'the manager is where the factory looks for it');
        require(address(router) == routerAddress, 'the router is the one that the manager trusts');
    }

    function _launch(
        uint256 index,
        string memory name,
        string memory symbol,
        uint256 supply,
        uint8 decimals
    ) private {
        address creator = actorOf(0);
        vm.prank(creator);
        address token = factory.createToken(name, symbol, supply, decimals, '');
        tokens[index] = token;
        for (uint256 i = 0; i < ACTORS; ++i) {
            vm.prank(actorOf(i));
            IERC20(token).approve(address(manager), type(uint256).max);
            if (i == 0) continue;
            vm.prank(creator);
            IERC20(token).transfer(actorOf(i), supply / ACTORS);
        }
    }

    function _open(uint256 index, uint256 x, uint256 y, uint256 amountX, uint256 amountY) private {
        vm.prank(actorOf(0));
        pools[index] = manager.createPool(tokens[x], tokens[y], amountX, amountY, NO_DEADLINE);
    }
}
