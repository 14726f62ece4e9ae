// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {IABPoolErrors} from '../../../interfaces/IABPoolErrors.sol';
import {ABLiquidityManager} from '../../../liquidity/ABLiquidityManager.sol';
import {ABPool} from '../../../liquidity/ABPool.sol';
import {Test} from './Test.sol';

/// @title The books of the pools without any tokens, so that a step costs a fraction of one in the market
/// @dev Inherits the manager and calls the ledger's functions below its checks of callers and tokens. Amounts come from the
/// whole range of 128 bits: nobody's purse bounds them. No function here reverts unless an invariant is broken.
contract LedgerHandler is ABLiquidityManager, Test {
    struct Books {
        uint256 reserveA;
        uint256 reserveB;
        uint256 total;
    }

    uint256 private constant MAX = type(uint128).max;
    uint256 private constant ACTORS = 5;
    uint256 private constant POOLS = 4;
    address private constant SELF = address(0x5E1F);

    /// @notice How many steps were tried, and how many went through.
    uint64 public steps;
    uint64 public succeeded;
    /// @dev What all steps together brought in and took out of a token.
    mapping(address token => uint256) private _in;
    mapping(address token => uint256) private _out;

    constructor() ABLiquidityManager(SELF, SELF, SELF, address(this), SELF, SELF) {
        _open(0, 10 ** 24, 10 ** 24);
        _open(1, 1, 10 ** 12);
        _open(2, MAX / 2, MAX / 3);
        _open(3, 5_000, 10 ** 36);
    }

    function addAny(uint256 actorSeed, uint256 poolSeed, uint256 desiredA, uint256 desiredB) external {
        ++steps;
        (bytes32 poolId, Books memory old) = _choose(poolSeed);
        try this.depositFor(_actorOf(actorSeed), poolId, _desired(desiredA), _desired(desiredB)) {
            _assertShareWorthNoLess(poolId, old);
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
    }

    function removeAny(uint256 actorSeed, uint256 poolSeed, uint256 liquidity) external {
        ++steps;
        (bytes32 poolId, Books memory old) = _choose(poolSeed);
        uint256 held = _liquidity[poolId][_actorOf(actorSeed)];
        if (held == 0) return;
        liquidity = boundLog(liquidity, 1, held);
        if (liquidity * old.reserveA < old.total && liquidity * old.reserveB < old.total) return;
        _takeOut(poolId, _actorOf(actorSeed), liquidity);
        _assertShareWorthNoLess(poolId, old);
    }

    function exchange(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amountIn) external {
        ++steps;
        (bytes32 poolId, Books memory old) = _choose(poolSeed);
        try this.exchangeFor(_actorOf(actorSeed), poolId, fromA, boundLog(amountIn, 1, MAX)) {
            _assertShareWorthNoLess(poolId, old);
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
    }

    /// @dev By exact amounts, as a step of a route: what asks for one unit more than the pool gives is refused.
    function exchangeExactly(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amountOut) external {
        ++steps;
        (bytes32 poolId, Books memory old) = _choose(poolSeed);
        (uint256 reserveIn, uint256 reserveOut) = fromA
            ? (old.reserveA, old.reserveB)
            : (old.reserveB, old.reserveA);
        if (reserveOut < 2) return;
        amountOut = boundLog(amountOut, 1, reserveOut - 1);
        if ((amountOut * reserveIn) / (reserveOut - amountOut) > MAX / 2) return;
        uint256 amountIn = ABPool.getAmountIn(amountOut, reserveIn, reserveOut, swapFee());
        uint256 most = ABPool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee());
        address actor = _actorOf(actorSeed);
        try this.stepFor(actor, poolId, fromA, amountIn, most + 1) {
            assertTrue(false, 'more than the pool gives');
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == AmountOutTooLarge.selector, 'refused for another reason');
        }
        try this.stepFor(actor, poolId, fromA, amountIn, amountOut) {
            _assertShareWorthNoLess(poolId, old);
        } catch (bytes memory reason) {
            _assertRefusal(reason);
        }
    }

    function setFees(uint256 newSwapFee, uint256 newProtocolFee) external {
        ++steps;
        newSwapFee = bound(newSwapFee, 0, MAX_SWAP_FEE);
        this.setProtocolFee(0);
        this.setSwapFee(newSwapFee);
        this.setProtocolFee(bound(newProtocolFee, 0, newSwapFee / 2));
    }

    function depositFor(address actor, bytes32 poolId, uint256 desiredA, uint256 desiredB) external {
        ABPool.State storage pool = _pools[poolId];
        Deposited memory made = _deposit(pool, poolId, actor, desiredA, desiredB);
        _in[pool.tokenA] += made.amountA;
        _in[pool.tokenB] += made.amountB;
        ++succeeded;
    }

    function exchangeFor(address actor, bytes32 poolId, bool fromA, uint256 amountIn) external {
        ABPool.State storage pool = _pools[poolId];
        Trade memory trade = _tradeFrom(poolId, fromA ? pool.tokenA : pool.tokenB);
        uint256 amountOut = ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
        _exchange(trade, actor, amountIn, amountOut);
        _moved(trade.tokenIn, amountIn, trade.tokenOut, amountOut);
    }

    function stepFor(
        address actor,
        bytes32 poolId,
        bool fromA,
        uint256 amountIn,
        uint256 amountOut
    ) external {
        (address tokenA, address tokenB) = (_pools[poolId].tokenA, _pools[poolId].tokenB);
        (address tokenIn, address tokenOut) = fromA ? (tokenA, tokenB) : (tokenB, tokenA);
        _exchangeStep(actor, tokenIn, tokenOut, amountIn, amountOut);
        _moved(tokenIn, amountIn, tokenOut, amountOut);
    }

    /// @dev All that holds of books at rest; each pool has tokens of its own.
    function assertBooks() external view {
        for (uint256 i = 0; i < POOLS; ++i) {
            ABPool.State storage pool = _pools[_poolOf(i)];
            (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);
            uint256 total = pool.totalLiquidity;
            assertTrue(reserveA > 0 && reserveB > 0, 'no reserve is ever emptied');
            assertLe(total * total, reserveA * reserveB, 'shares are backed');
            uint256 sum = ABPool.MINIMUM_LIQUIDITY;
            for (uint256 j = 0; j < ACTORS; ++j) sum += _liquidity[_poolOf(i)][_actorOf(j)];
            assertEq(total, sum, 'total liquidity');
            _assertNothingLost(pool.tokenA, reserveA);
            _assertNothingLost(pool.tokenB, reserveB);
        }
        assertLe(2 * protocolFee(), swapFee(), 'the part is at most half of the fee');
        assertLe(swapFee(), MAX_SWAP_FEE, 'the fee is bounded');
    }

    /// @dev Whoever leaves gets their share of both reserves to the unit.
    function leaveAll() external {
        for (uint256 i = 0; i < POOLS * ACTORS; ++i) {
            (bytes32 poolId, Books memory old) = _choose(i / ACTORS);
            uint256 held = _liquidity[poolId][_actorOf(i)];
            if (held * old.reserveA < old.total && held * old.reserveB < old.total) continue;
            (uint256 amountA, uint256 amountB) = _takeOut(poolId, _actorOf(i), held);
            assertEq(amountA, (held * old.reserveA) / old.total, 'share of A');
            assertEq(amountB, (held * old.reserveB) / old.total, 'share of B');
        }
    }

    function _assertNothingLost(address token, uint256 reserve) private view {
        assertEq(reserve + _protocolFees[token], _in[token] - _out[token], 'reserves and fees');
    }

    function _takeOut(
        bytes32 poolId,
        address actor,
        uint256 liquidity
    ) private returns (uint256 amountA, uint256 amountB) {
        ABPool.State storage pool = _pools[poolId];
        (amountA, amountB) = _withdraw(pool, poolId, actor, liquidity);
        _out[pool.tokenA] += amountA;
        _out[pool.tokenB] += amountB;
        ++succeeded;
    }

    function _moved(address tokenIn, uint256 amountIn, address tokenOut, uint256 amountOut) private {
        _in[tokenIn] += amountIn;
        _out[tokenOut] += amountOut;
        ++succeeded;
    }

    function _open(uint160 index, uint256 amountA, uint256 amountB) private {
        (address tokenA, address tokenB) = _tokensOf(index);
        _openPool(tokenA, tokenB, _actorOf(0), amountA, amountB);
        (_in[tokenA], _in[tokenB]) = (amountA, amountB);
    }

    /// @dev One in eight is of more than 128 bits.
    function _desired(uint256 seed) private pure returns (uint256) {
        return seed % 8 == 7 ? MAX + (seed >> 1) : boundLog(seed >> 3, 1, MAX);
    }

    function _choose(uint256 seed) private view returns (bytes32 poolId, Books memory books) {
        poolId = _poolOf(seed);
        ABPool.State storage pool = _pools[poolId];
        books = Books(pool.reserveA, pool.reserveB, pool.totalLiquidity);
    }

    function _poolOf(uint256 seed) private pure returns (bytes32) {
        (address tokenA, address tokenB) = _tokensOf(uint160(seed % POOLS));
        return ABPool.idOf(tokenA, tokenB);
    }

    function _tokensOf(uint160 index) private pure returns (address tokenA, address tokenB) {
        return (address(0xA000 + index), address(0xB000 + index));
    }

    function _actorOf(uint256 seed) private pure returns (address) {
        return address(uint160(0xAC70001 + (seed % ACTORS)));
    }

    /// @dev The only reasons for which the books refuse amounts above 0.
    function _assertRefusal(bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        assertTrue(
            selector == IABPoolErrors.InsufficientAmountOut.selector ||
                selector == IABPoolErrors.InsufficientLiquidityAdded.selector ||
                selector == IABPoolErrors.ReserveOverflow.selector,
            'refused for another reason'
        );
    }

    /// @dev product / total^2 never falls: both sides times both totals squared, in 512 bits.
    function _assertShareWorthNoLess(bytes32 poolId, Books memory old) private view {
        ABPool.State storage pool = _pools[poolId];
        uint256 total = pool.totalLiquidity;
        uint256 product = uint256(pool.reserveA) * pool.reserveB;
        (uint256 highNow, uint256 lowNow) = Math.mul512(product, old.total * old.total);
        (uint256 highOld, uint256 lowOld) = Math.mul512(old.reserveA * old.reserveB, total * total);
        assertTrue(
            highNow > highOld || (highNow == highOld && lowNow >= lowOld),
            'the constant product per share fell'
        );
    }
}
