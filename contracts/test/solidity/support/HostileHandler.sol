// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {IABPoolErrors} from '../../../interfaces/IABPoolErrors.sol';
import {ChameleonToken} from './ChameleonToken.sol';
import {Market} from './Market.sol';

/// @title People use a pool of a hostile token beside the pools of honest ones, and the token turns as it likes
/// @dev The manager holds what it owes of every token, the hostile one too, and nobody is kept from leaving.
contract HostileHandler is Market {
    ChameleonToken public hostile;
    bytes32 public hostilePool;
    uint256 public succeeded;

    constructor() {
        openMarket();
        hostile = new ChameleonToken(address(this));
        for (uint256 i = 0; i < ACTORS; ++i) {
            hostile.transfer(actorOf(i), 10 ** 30);
            vm.prank(actorOf(i));
            hostile.approve(address(manager), type(uint256).max);
        }
        // What the token calls back with, it can pay for: its reentrant calls fail for reentrancy alone.
        hostile.transfer(address(hostile), 10 ** 30);
        vm.prank(actorOf(0));
        hostilePool = manager.createPool(address(hostile), tokens[1], 10 ** 24, 10 ** 24, NO_DEADLINE);
    }

    function turn(uint8 nature, uint256 way, uint256 amount) external {
        hostile.turnInto(ChameleonToken.Nature(nature % 9), address(manager), _callback(way, amount));
    }

    function swap(uint256 actorSeed, bool fromHostile, uint256 amountIn) external {
        address tokenIn = fromHostile ? address(hostile) : tokens[1];
        amountIn = boundLog(amountIn, 1, 10 ** 24);
        vm.prank(actorOf(actorSeed));
        try manager.swap(hostilePool, tokenIn, amountIn, 0, NO_DEADLINE) returns (uint256 amountOut) {
            _assertMovedInFull(fromHostile ? amountIn : amountOut);
            ++succeeded;
        } catch {}
    }

    function addLiquidity(uint256 actorSeed, uint256 amountA, uint256 amountB) external {
        (amountA, amountB) = (boundLog(amountA, 1, 10 ** 24), boundLog(amountB, 1, 10 ** 24));
        vm.prank(actorOf(actorSeed));
        try manager.addLiquidity(hostilePool, amountA, amountB, 0, 0, NO_DEADLINE) returns (
            uint256 takenA,
            uint256 takenB,
            uint256
        ) {
            _assertMovedInFull(_isA() ? takenA : takenB);
            ++succeeded;
        } catch {}
    }

    function removeLiquidity(uint256 actorSeed, uint256 liquidity) external {
        uint256 held = manager.liquidityOf(hostilePool, actorOf(actorSeed));
        if (held == 0) return;
        address actor = actorOf(actorSeed);
        uint256 honest = IERC20(tokens[1]).balanceOf(actor);
        vm.prank(actor);
        try manager.removeLiquidity(hostilePool, boundLog(liquidity, 1, held), 0, 0, NO_DEADLINE) returns (
            uint256 amountA,
            uint256 amountB
        ) {
            honest += _isA() ? amountB : amountA;
            assertEq(IERC20(tokens[1]).balanceOf(actor), honest, 'the honest side was not paid');
            ++succeeded;
        } catch (bytes memory reason) {
            assertTrue(
                bytes4(reason) == IABPoolErrors.InsufficientLiquidityRemoved.selector,
                'a hostile token kept somebody from leaving'
            );
        }
    }

    function claim(uint256 actorSeed) external {
        vm.prank(actorOf(actorSeed));
        try manager.claim(address(hostile), actorOf(actorSeed)) {
            ++succeeded;
        } catch {}
    }

    function swapThroughBoth(uint256 actorSeed, bool backwards, uint256 amount) external {
        address[] memory route = new address[](3);
        (route[0], route[1], route[2]) =
            backwards ? (tokens[2], tokens[1], address(hostile)) : (address(hostile), tokens[1], tokens[2]);
        vm.prank(actorOf(actorSeed));
        try router.swapExactInput(route, boundLog(amount, 1, 10 ** 24), 0, NO_DEADLINE, noPermits) {
            ++succeeded;
        } catch {}
    }

    function swapHonestly(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amount) external {
        bytes32 poolId = pools[poolSeed % 3];
        (address tokenA, address tokenB, , , ) = manager.getPool(poolId);
        address tokenIn = fromA ? tokenA : tokenB;
        uint256 held = IERC20(tokenIn).balanceOf(actorOf(actorSeed));
        if (held == 0) return;
        vm.prank(actorOf(actorSeed));
        try manager.swap(poolId, tokenIn, boundLog(amount, 1, held), 0, NO_DEADLINE) {
            ++succeeded;
        } catch {}
    }

    function collect(uint256 seed) external {
        address token = seed % 4 == 3 ? address(hostile) : tokens[seed % 4];
        try manager.collectProtocolFees(token) {
            ++succeeded;
        } catch {
            assertTrue(token == address(hostile), 'an honest token is always collected');
        }
    }

    /// @dev The manager holds, to the unit, what the books say of every honest token.
    function assertTokensAreCovered() external view {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 sum = manager.protocolFeesOf(tokens[i]);
            for (uint256 j = 0; j < 4; ++j) sum += _reserveOf(j < 3 ? pools[j] : hostilePool, tokens[i]);
            assertEq(
                IERC20(tokens[i]).balanceOf(address(manager)),
                sum,
                'an honest token lost by a hostile one'
            );
        }
        uint256 owed = manager.protocolFeesOf(address(hostile)) + _reserveOf(hostilePool, address(hostile));
        for (uint256 i = 0; i < ACTORS; ++i) owed += manager.keptFor(actorOf(i), address(hostile));
        assertEq(
            hostile.trueBalanceOf(address(manager)),
            owed,
            'less or more of the hostile token than owed'
        );
    }

    /// @dev What the token did not move to the unit must have been refused on the way in and in swaps.
    function _assertMovedInFull(uint256 amount) private view {
        ChameleonToken.Nature nature = hostile.nature();
        assertTrue(nature != ChameleonToken.Nature.SaysFalse, 'believed a token that says false');
        assertTrue(nature != ChameleonToken.Nature.Reverts, 'moved a token that reverts');
        if (nature == ChameleonToken.Nature.TakesAFee || nature == ChameleonToken.Nature.GivesTooMuch) {
            // A hundredth of less than that is nothing.
            assertTrue(amount < 100, 'another amount moved than was booked');
        }
    }

    function _isA() private view returns (bool) {
        return address(hostile) < tokens[1];
    }

    function _reserveOf(bytes32 poolId, address token) private view returns (uint256) {
        (address tokenA, address tokenB, uint256 reserveA, uint256 reserveB, ) = manager.getPool(poolId);
        return
            tokenA == token
                ? reserveA
                : tokenB == token
                    ? reserveB
                    : 0;
    }

    function _callback(uint256 way, uint256 amount) private view returns (bytes memory) {
        amount = boundLog(amount, 1, 10 ** 24);
        if (way % 4 == 0) {
            return abi.encodeCall(manager.swap, (hostilePool, address(hostile), amount, 0, NO_DEADLINE));
        }
        if (way % 4 == 1) {
            return abi.encodeCall(manager.removeLiquidity, (hostilePool, amount, 0, 0, NO_DEADLINE));
        }
        if (way % 4 == 2) {
            return abi.encodeCall(manager.addLiquidity, (hostilePool, amount, amount, 0, 0, NO_DEADLINE));
        }
        return abi.encodeCall(manager.collectProtocolFees, (tokens[1]));
    }
}
