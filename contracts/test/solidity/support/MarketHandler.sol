// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {Pausable} from '@openzeppelin/contracts/utils/Pausable.sol';
import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {IABLiquidityManager} from '../../../interfaces/IABLiquidityManager.sol';
import {IABPoolErrors} from '../../../interfaces/IABPoolErrors.sol';
import {Market} from './Market.sol';

/// @title What people and the owner do to the market, in any order, and what must come of each step
/// @dev No function here reverts unless an invariant is broken: the runner is told to fail on a revert.
contract MarketHandler is Market {
    struct Reserves {
        address tokenA;
        address tokenB;
        uint256 reserveA;
        uint256 reserveB;
        uint256 total;
    }

    mapping(address token => uint256) public feesTaken;
    mapping(address token => uint256) public feesCollected;
    mapping(address token => uint256) public donated;
    mapping(bytes32 operation => uint256) public succeeded;
    /// @notice How many operations were tried, whatever came of them.
    uint256 public steps;

    modifier step() {
        ++steps;
        _;
    }

    constructor() {
        openMarket();
    }

    function addLiquidity(
        uint256 actorSeed,
        uint256 poolSeed,
        uint256 desiredA,
        uint256 desiredB
    ) external step {
        (address actor, bytes32 poolId, Reserves memory old) = _choose(actorSeed, poolSeed);
        desiredA = boundLog(desiredA, 1, type(uint128).max);
        desiredB = boundLog(desiredB, 1, type(uint128).max);
        (uint256 heldA, uint256 heldB) = _held(old, actor);
        if (desiredA > heldA || desiredB > heldB) return;
        vm.prank(actor);
        try manager.addLiquidity(poolId, desiredA, desiredB, 0, 0, NO_DEADLINE) {
            _assertNotPaused();
            ++succeeded['addLiquidity'];
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
        _assertShareWorthNoLess(poolId, old);
    }

    function removeLiquidity(uint256 actorSeed, uint256 poolSeed, uint256 liquidity) external step {
        (address actor, bytes32 poolId, Reserves memory old) = _choose(actorSeed, poolSeed);
        uint256 held = manager.liquidityOf(poolId, actor);
        if (held == 0) return;
        liquidity = boundLog(liquidity, 1, held);
        if (_worthNothing(liquidity, old)) return;
        vm.prank(actor);
        manager.removeLiquidity(poolId, liquidity, 0, 0, NO_DEADLINE);
        ++succeeded['removeLiquidity'];
        _assertShareWorthNoLess(poolId, old);
    }

    function swap(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amountIn) external step {
        (address actor, bytes32 poolId, Reserves memory old) = _choose(actorSeed, poolSeed);
        address tokenIn = fromA ? old.tokenA : old.tokenB;
        uint256 held = IERC20(tokenIn).balanceOf(actor);
        if (held == 0) return;
        amountIn = boundLog(amountIn, 1, held);
        uint256 part = (amountIn * manager.protocolFee()) / 10_000;
        vm.prank(actor);
        try manager.swap(poolId, tokenIn, amountIn, 0, NO_DEADLINE) {
            _assertNotPaused();
            feesTaken[tokenIn] += part;
            ++succeeded['swap'];
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
        _assertShareWorthNoLess(poolId, old);
    }

    /// @dev Through all three pools and back to the first token: nobody may come out with more.
    function swapInACircle(uint256 actorSeed, uint256 start, bool forward, uint256 amountIn) external step {
        address actor = actors[actorSeed % ACTORS];
        address[] memory route = new address[](4);
        for (uint256 i = 0; i < 4; ++i) route[i] = tokens[((start % 3) + (forward ? i : 3 - i)) % 3];
        uint256 held = IERC20(route[0]).balanceOf(actor);
        if (held == 0) return;
        uint256[] memory amounts = new uint256[](4);
        amounts[0] = boundLog(amountIn, 1, held);
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 poolId = manager.poolIdOf(route[i], route[i + 1]);
            try manager.quoteAmountOut(poolId, route[i], amounts[i]) returns (uint256 amountOut) {
                amounts[i + 1] = amountOut;
            } catch (bytes memory reason) {
                return _assertRefusal(reason);
            }
        }
        Reserves[3] memory old;
        for (uint256 i = 0; i < 3; ++i) old[i] = reservesOf(pools[i]);
        vm.prank(actor);
        try manager.swapRoute(route, amounts, NO_DEADLINE) {
            _assertNotPaused();
            for (uint256 i = 0; i < 3; ++i) {
                feesTaken[route[i]] += (amounts[i] * manager.protocolFee()) / 10_000;
            }
            ++succeeded['swapInACircle'];
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
        for (uint256 i = 0; i < 3; ++i) _assertShareWorthNoLess(pools[i], old[i]);
    }

    function donate(uint256 actorSeed, uint256 tokenSeed, uint256 amount) external step {
        address actor = actors[actorSeed % ACTORS];
        address token = tokens[tokenSeed % 3];
        amount = boundLog(amount, 0, IERC20(token).balanceOf(actor) / 100);
        vm.prank(actor);
        IERC20(token).transfer(address(manager), amount);
        donated[token] += amount;
    }

    function collectProtocolFees(uint256 actorSeed, uint256 tokenSeed) external step {
        address token = tokens[tokenSeed % 3];
        vm.prank(actors[actorSeed % ACTORS]);
        feesCollected[token] += manager.collectProtocolFees(token);
        assertEq(IERC20(token).balanceOf(treasury), feesCollected[token], 'the treasury receives them');
    }

    function setFees(uint256 swapFee, uint256 protocolFee) external step {
        swapFee = bound(swapFee, 0, manager.MAX_SWAP_FEE());
        protocolFee = bound(protocolFee, 0, swapFee);
        vm.startPrank(owner);
        manager.setProtocolFee(0);
        manager.setSwapFee(swapFee);
        manager.setProtocolFee(protocolFee);
        vm.stopPrank();
    }

    /// @dev One call in four pauses, so that most steps find the market open.
    function pauseOrUnpause(uint8 seed) external step {
        vm.startPrank(owner);
        if (manager.paused()) manager.unpause();
        else if (seed % 4 == 0) manager.pause();
        vm.stopPrank();
    }

    function deactivateToken(uint256 tokenSeed) external step {
        address token = tokens[tokenSeed % 3];
        if (!factory.isActive(token)) return;
        vm.prank(actors[0]);
        factory.deactivateToken(token);
    }

    function reservesOf(bytes32 poolId) public view returns (Reserves memory pool) {
        (pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.total) = manager.getPool(poolId);
    }

    function everyToken() external view returns (address[] memory) {
        return tokens;
    }

    function everyPool() external view returns (bytes32[] memory) {
        return pools;
    }

    function everyActor() external view returns (address[] memory) {
        return actors;
    }

    function managerAddress() external view returns (address) {
        return address(manager);
    }

    function _choose(
        uint256 actorSeed,
        uint256 poolSeed
    ) private view returns (address actor, bytes32 poolId, Reserves memory pool) {
        (actor, poolId) = (actors[actorSeed % ACTORS], pools[poolSeed % 3]);
        pool = reservesOf(poolId);
    }

    function _held(Reserves memory pool, address actor) private view returns (uint256 heldA, uint256 heldB) {
        return (IERC20(pool.tokenA).balanceOf(actor), IERC20(pool.tokenB).balanceOf(actor));
    }

    function _worthNothing(uint256 liquidity, Reserves memory pool) private pure returns (bool) {
        return liquidity * pool.reserveA < pool.total && liquidity * pool.reserveB < pool.total;
    }

    function _assertNotPaused() private view {
        assertTrue(!manager.paused(), 'nothing but leaving works while paused');
    }

    /// @dev The only reasons for which a step with enough tokens may be refused.
    function _assertRefusal(bytes memory reason) private view {
        bytes4 selector = bytes4(reason);
        if (manager.paused() && selector == Pausable.EnforcedPause.selector) return;
        assertTrue(
            selector == IABPoolErrors.InsufficientAmountOut.selector ||
                selector == IABPoolErrors.InsufficientLiquidityAdded.selector ||
                selector == IABPoolErrors.ReserveOverflow.selector,
            'refused for another reason'
        );
    }

    /// @dev product / total^2 never falls: both sides times both totals squared, in 512 bits.
    function _assertShareWorthNoLess(bytes32 poolId, Reserves memory old) private view {
        Reserves memory current = reservesOf(poolId);
        (uint256 highNow, uint256 lowNow) = Math.mul512(
            current.reserveA * current.reserveB,
            old.total * old.total
        );
        (uint256 highOld, uint256 lowOld) = Math.mul512(
            old.reserveA * old.reserveB,
            current.total * current.total
        );
        assertTrue(
            highNow > highOld || (highNow == highOld && lowNow >= lowOld),
            'the constant product per share fell'
        );
    }
}
