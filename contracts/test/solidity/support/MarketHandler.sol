// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {IABLiquidityAdministration} from '../../../interfaces/IABLiquidityAdministration.sol';
import {IABPoolErrors} from '../../../interfaces/IABPoolErrors.sol';
import {Market} from './Market.sol';

/// @title What people and the owner do to the market, in any order, and what must come of each step
/// @dev No function here reverts unless an invariant is broken: the runner is told to fail on a revert. What is paused and
/// what the fees are is kept here as well, so that the contract is held against it, not against itself.
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
    /// @notice How many operations were tried, whatever came of them.
    uint64 public steps;
    /// @notice How many of the market's operations went through.
    uint64 public succeeded;
    uint256 internal pausedUntil;
    uint256 internal guardianPausesFrom;
    // Kept here, because the runner's own block stays where it is between calls.
    uint256 internal time = 1_000_000;
    uint16 internal swapFee = 30;
    uint16 internal protocolFee = 10;

    modifier step() {
        ++steps;
        vm.warp(time);
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
        if (desiredA > IERC20(old.tokenA).balanceOf(actor)) return;
        if (desiredB > IERC20(old.tokenB).balanceOf(actor)) return;
        vm.prank(actor);
        try manager.addLiquidity(poolId, desiredA, desiredB, 0, 0, NO_DEADLINE) {
            _assertNotPaused();
            _assertShareWorthNoLess(poolId, old);
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
    }

    function removeLiquidity(uint256 actorSeed, uint256 poolSeed, uint256 liquidity) external step {
        (address actor, bytes32 poolId, Reserves memory old) = _choose(actorSeed, poolSeed);
        uint256 held = manager.liquidityOf(poolId, actor);
        if (held == 0) return;
        liquidity = boundLog(liquidity, 1, held);
        if (_worthNothing(liquidity, old)) return;
        vm.prank(actor);
        manager.removeLiquidity(poolId, liquidity, 0, 0, NO_DEADLINE);
        ++succeeded;
        _assertShareWorthNoLess(poolId, old);
    }

    function swap(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amountIn) external step {
        (address actor, bytes32 poolId, Reserves memory old) = _choose(actorSeed, poolSeed);
        address tokenIn = fromA ? old.tokenA : old.tokenB;
        uint256 held = IERC20(tokenIn).balanceOf(actor);
        if (held == 0) return;
        amountIn = boundLog(amountIn, 1, held);
        vm.prank(actor);
        try manager.swap(poolId, tokenIn, amountIn, 0, NO_DEADLINE) {
            _assertNotPaused();
            _addFee(tokenIn, amountIn);
            _assertShareWorthNoLess(poolId, old);
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
    }

    /// @dev Through the router over one pool, two, or all three and back to the first token.
    function swapAlongARoute(
        uint256 actorSeed,
        uint256 routeSeed,
        bool exactOut,
        uint256 amount
    ) external step {
        address actor = actorOf(actorSeed);
        address[] memory route = _route(routeSeed);
        uint256 held = IERC20(route[0]).balanceOf(actor);
        if (held == 0) return;
        uint256[] memory amounts;
        if (exactOut) {
            try router.quoteExactOutput(route, boundLog(amount, 1, type(uint128).max)) returns (
                uint256[] memory quoted
            ) {
                amounts = quoted;
            } catch (bytes memory reason) {
                return _assertQuoteRefusal(reason);
            }
            if (amounts[0] > held) return;
        } else {
            try router.quoteExactInput(route, boundLog(amount, 1, held)) returns (uint256[] memory quoted) {
                amounts = quoted;
            } catch (bytes memory reason) {
                return _assertQuoteRefusal(reason);
            }
        }
        _swapAlong(actor, route, amounts, exactOut);
    }

    function donate(uint256 actorSeed, uint256 tokenSeed, uint256 amount) external step {
        address actor = actorOf(actorSeed);
        address token = tokens[tokenSeed % 3];
        amount = boundLog(amount, 0, IERC20(token).balanceOf(actor) / 100);
        vm.prank(actor);
        IERC20(token).transfer(address(manager), amount);
        donated[token] += amount;
    }

    function collectProtocolFees(uint256 actorSeed, uint256 tokenSeed) external step {
        address token = tokens[tokenSeed % 3];
        vm.prank(actorOf(actorSeed));
        feesCollected[token] += manager.collectProtocolFees(token);
        assertEq(IERC20(token).balanceOf(treasury), feesCollected[token], 'the treasury receives them');
    }

    function setFees(uint256 newSwapFee, uint256 newProtocolFee) external step {
        newSwapFee = bound(newSwapFee, 0, 300);
        newProtocolFee = bound(newProtocolFee, 0, newSwapFee / 2);
        vm.startPrank(owner);
        if (newSwapFee < 2 * protocolFee) {
            manager.setProtocolFee(newProtocolFee);
            manager.setSwapFee(newSwapFee);
        } else {
            manager.setSwapFee(newSwapFee);
            manager.setProtocolFee(newProtocolFee);
        }
        vm.stopPrank();
        (swapFee, protocolFee) = (uint16(newSwapFee), uint16(newProtocolFee));
    }

    /// @dev One call in four pauses, so that most steps find the market open.
    function pauseOrUnpause(uint8 seed) external step {
        bool isPaused = paused();
        if (!isPaused && seed % 4 != 0) return;
        vm.prank(owner);
        if (isPaused) manager.unpause();
        else manager.pause();
        pausedUntil = isPaused ? 0 : time + 14 days;
    }

    /// @dev The guardian pauses only what is not paused, and not again before as much time is over after its pause.
    function pauseAsGuardian(uint8 seed) external step {
        if (seed % 4 != 0) return;
        bool mayPause = !paused() && time >= guardianPausesFrom;
        vm.prank(guardian);
        try manager.pause() {
            assertTrue(mayPause, 'the guardian paused again at once');
            pausedUntil = time + 14 days;
            guardianPausesFrom = pausedUntil + 14 days;
        } catch {
            assertTrue(!mayPause, 'the guardian could not pause');
        }
    }

    function prolongPause(uint256 seconds_) external step {
        seconds_ = seconds_ % 100 days;
        bool mayProlong = paused() && time + seconds_ > pausedUntil && seconds_ <= 90 days;
        vm.prank(owner);
        try manager.prolongPause(time + seconds_) {
            assertTrue(mayProlong, 'prolonged beyond its bounds');
            pausedUntil = time + seconds_;
        } catch {
            assertTrue(!mayProlong, 'a pause could not be prolonged');
        }
    }

    function waitFor(uint256 seconds_) external step {
        time += seconds_ % 8 days;
    }

    function deactivateToken(uint256 tokenSeed) external step {
        address token = tokens[tokenSeed % 3];
        if (!factory.isActive(token)) return;
        vm.prank(actorOf(0));
        factory.deactivateToken(token);
    }

    function reservesOf(bytes32 poolId) public view returns (Reserves memory pool) {
        (pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.total) = manager.getPool(poolId);
    }

    function everyToken() external view returns (address[3] memory) {
        return tokens;
    }

    function everyPool() external view returns (bytes32[3] memory) {
        return pools;
    }

    function managerAddress() external view returns (address) {
        return address(manager);
    }

    function _swapAlong(
        address actor,
        address[] memory route,
        uint256[] memory amounts,
        bool exactOut
    ) private {
        uint256 last = route.length - 1;
        Reserves[3] memory old;
        for (uint256 i = 0; i < 3; ++i) old[i] = reservesOf(pools[i]);
        vm.prank(actor);
        if (exactOut) {
            try router.swapExactOutput(route, amounts[last], amounts[0], NO_DEADLINE, noPermits) {
                _afterRoute(route, amounts, old);
            } catch (bytes memory reason) {
                _assertRefusal(reason);
            }
        } else {
            try router.swapExactInput(route, amounts[0], amounts[last], NO_DEADLINE, noPermits) {
                _afterRoute(route, amounts, old);
            } catch (bytes memory reason) {
                _assertRefusal(reason);
            }
        }
    }

    function _afterRoute(address[] memory route, uint256[] memory amounts, Reserves[3] memory old) private {
        _assertNotPaused();
        uint256 last = route.length - 1;
        for (uint256 i = 0; i < last; ++i) _addFee(route[i], amounts[i]);
        for (uint256 i = 0; i < 3; ++i) _assertShareWorthNoLess(pools[i], old[i]);
    }

    /// @dev Two to four tokens, forwards or backwards through the circle of the three pools.
    function _route(uint256 seed) private view returns (address[] memory route) {
        route = new address[](2 + (seed % 3));
        uint256 start = (seed >> 8) % 3;
        bool forwards = (seed >> 16) % 2 == 0;
        for (uint256 i = 0; i < route.length; ++i) route[i] = tokens[(start + (forwards ? i : 3 - i)) % 3];
    }

    function _choose(
        uint256 actorSeed,
        uint256 poolSeed
    ) private view returns (address actor, bytes32 poolId, Reserves memory pool) {
        (actor, poolId) = (actorOf(actorSeed), pools[poolSeed % 3]);
        pool = reservesOf(poolId);
    }

    function _worthNothing(uint256 liquidity, Reserves memory pool) private pure returns (bool) {
        return liquidity * pool.reserveA < pool.total && liquidity * pool.reserveB < pool.total;
    }

    function _addFee(address tokenIn, uint256 amountIn) private {
        feesTaken[tokenIn] += (amountIn * protocolFee) / 10_000;
    }

    function paused() internal view returns (bool) {
        return time < pausedUntil;
    }

    function _assertNotPaused() private {
        assertTrue(!paused(), 'nothing but leaving works while paused');
        ++succeeded;
    }

    /// @dev The only reasons for which a step with enough tokens may be refused.
    function _assertRefusal(bytes memory reason) private view {
        bytes4 selector = bytes4(reason);
        if (paused()) {
            return
                assertTrue(
                    selector == IABLiquidityAdministration.EnforcedPause.selector,
                    'refused, but not as paused'
                );
        }
        assertTrue(
            selector == IABPoolErrors.InsufficientAmountOut.selector ||
                selector == IABPoolErrors.InsufficientLiquidityAdded.selector ||
                selector == IABPoolErrors.ReserveOverflow.selector,
            'refused for another reason'
        );
    }

    /// @dev Quotes are never paused.
    function _assertQuoteRefusal(bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        assertTrue(
            selector == IABPoolErrors.InsufficientAmountOut.selector ||
                selector == IABPoolErrors.InsufficientReserve.selector ||
                selector == IABPoolErrors.ReserveOverflow.selector,
            'no quote for another reason'
        );
    }

    /// @dev product / total^2 never falls: both sides times both totals squared, in 512 bits.
    function _assertShareWorthNoLess(bytes32 poolId, Reserves memory old) private view {
        Reserves memory current = reservesOf(poolId);
        if (current.total == old.total) {
            assertLe(
                old.reserveA * old.reserveB,
                current.reserveA * current.reserveB,
                'the constant product fell'
            );
            return;
        }
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
