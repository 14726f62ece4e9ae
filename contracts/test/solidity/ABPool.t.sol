// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {IABPoolErrors} from '../../interfaces/IABPoolErrors.sol';
import {ABPool} from '../../liquidity/ABPool.sol';
import {PoolArithmetic} from './support/PoolArithmetic.sol';
import {Test} from './support/Test.sol';

/// @title The arithmetic of a pool over the whole range of 128-bit reserves
contract ABPoolTest is Test {
    uint256 private constant MAX = type(uint128).max;
    uint256 private constant MAX_FEE = 300;

    PoolArithmetic private _pool;

    function setUp() public {
        _pool = new PoolArithmetic();
    }

    function testFuzz_swap_neverLowersTheConstantProduct(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee,
        uint256 protocolFee
    ) public view {
        (reserveIn, reserveOut) = (boundLog(reserveIn, 1, MAX), boundLog(reserveOut, 1, MAX));
        swapFee = bound(swapFee, 0, MAX_FEE);
        protocolFee = bound(protocolFee, 0, swapFee / 2);
        amountIn = boundLog(amountIn, 1, MAX);
        try _pool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee) returns (uint256 amountOut) {
            uint256 kept = amountIn - ABPool.protocolPart(amountIn, protocolFee);
            assertTrue(amountOut < reserveOut, 'the reserve is never emptied');
            _assertProductNotBelow(reserveIn + kept, reserveOut - amountOut, reserveIn, reserveOut);
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IABPoolErrors.InsufficientAmountOut.selector, 'only too little in');
        }
    }

    function testFuzz_swap_roundsDownByLessThanOneUnit(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) public view {
        // Small enough that the exact fraction can be compared within 256 bits.
        reserveIn = boundLog(reserveIn, 1, type(uint96).max);
        reserveOut = boundLog(reserveOut, 1, type(uint96).max);
        amountIn = boundLog(amountIn, 1, type(uint96).max);
        swapFee = bound(swapFee, 0, MAX_FEE);
        uint256 afterFee = amountIn * (10_000 - swapFee);
        uint256 exactTop = afterFee * reserveOut;
        uint256 exactBottom = reserveIn * 10_000 + afterFee;
        if (exactTop < exactBottom) return;
        uint256 amountOut = _pool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee);
        assertLe(amountOut * exactBottom, exactTop, 'never more than exact');
        assertTrue((amountOut + 1) * exactBottom > exactTop, 'less than one unit below exact');
    }

    function testFuzz_exactOut_isTheLeastAmountThatBuysIt(
        uint256 exactOut,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) public view {
        (reserveIn, reserveOut) = (boundLog(reserveIn, 1, MAX), boundLog(reserveOut, 2, MAX));
        exactOut = boundLog(exactOut, 1, reserveOut - 1);
        swapFee = bound(swapFee, 0, MAX_FEE);
        try _pool.getAmountIn(exactOut, reserveIn, reserveOut, swapFee) returns (uint256 amountIn) {
            uint256 bought = _pool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee);
            assertLe(exactOut, bought, 'it buys the amount');
            if (amountIn == 1) return;
            try _pool.getAmountOut(amountIn - 1, reserveIn, reserveOut, swapFee) returns (uint256 less) {
                assertTrue(less < exactOut, 'one unit less does not');
            } catch (bytes memory reason) {
                assertTrue(bytes4(reason) == IABPoolErrors.InsufficientAmountOut.selector, 'or buys nothing');
            }
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IABPoolErrors.ReserveOverflow.selector, 'only out of 128 bits');
        }
    }

    function testFuzz_splittingASwap_neverBuysMore(
        uint256 first,
        uint256 second,
        uint256 reserveIn,
        uint256 reserveOut
    ) public view {
        (reserveIn, reserveOut) = (boundLog(reserveIn, 1, MAX / 4), boundLog(reserveOut, 2, MAX));
        (first, second) = (boundLog(first, 1, MAX / 4), boundLog(second, 1, MAX / 4));
        uint256 whole = _amountOutOrZero(first + second, reserveIn, reserveOut, 0);
        uint256 out1 = _amountOutOrZero(first, reserveIn, reserveOut, 0);
        uint256 out2 = _amountOutOrZero(second, reserveIn + first, reserveOut - out1, 0);
        assertLe(out1 + out2, whole + 1, 'no gain beyond the rounding of the whole');
    }

    function testFuzz_swapThereAndBack_neverGains(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) public view {
        (reserveIn, reserveOut) = (boundLog(reserveIn, 1, MAX / 2), boundLog(reserveOut, 2, MAX));
        amountIn = boundLog(amountIn, 1, MAX / 2);
        swapFee = bound(swapFee, 0, MAX_FEE);
        uint256 bought = _amountOutOrZero(amountIn, reserveIn, reserveOut, swapFee);
        uint256 back = _amountOutOrZero(bought, reserveOut - bought, reserveIn + amountIn, swapFee);
        assertLe(back, amountIn, 'never more than went in');
    }

    function testFuzz_firstDeposit_isTheRootRoundedDown(uint256 amountA, uint256 amountB) public view {
        (amountA, amountB) = (boundLog(amountA, 1, MAX), boundLog(amountB, 1, MAX));
        uint256 product = amountA * amountB;
        try _pool.initialLiquidity(amountA, amountB) returns (uint256 liquidity) {
            uint256 root = liquidity + ABPool.MINIMUM_LIQUIDITY;
            assertLe(root * root, product, 'never more than the root');
            (uint256 high, uint256 low) = Math.mul512(root + 1, root + 1);
            assertTrue(high > 0 || low > product, 'less than one below the root');
        } catch (bytes memory reason) {
            assertTrue(
                bytes4(reason) == IABPoolErrors.InsufficientInitialLiquidity.selector,
                'only too little'
            );
            assertLe(product, 1_001 * 1_001 - 1, 'only where the root is at most the minimum');
        }
    }

    /// @dev One in eight desires more than 128 bits of a token.
    function testFuzz_deposit_takesAtMostWhatIsDesiredAndRoundsByLessThanAUnitOfTheCheaperToken(
        uint256 desiredA,
        uint256 desiredB,
        uint256 reserveA,
        uint256 reserveB
    ) public view {
        (reserveA, reserveB) = (boundLog(reserveA, 1, MAX), boundLog(reserveB, 1, MAX));
        desiredA = desiredA % 8 == 7 ? MAX + (desiredA >> 1) : boundLog(desiredA >> 3, 1, MAX);
        desiredB = desiredB % 8 == 7 ? MAX + (desiredB >> 1) : boundLog(desiredB >> 3, 1, MAX);
        (uint256 amountA, uint256 amountB, uint256 quotedA, uint256 quotedB) = _pool.amountsToAdd(
            desiredA,
            desiredB,
            reserveA,
            reserveB
        );
        assertLe(amountA, Math.min(desiredA, MAX), 'A at most desired');
        assertLe(amountB, Math.min(desiredB, MAX), 'B at most desired');
        if (reserveA > reserveB) {
            (amountA, amountB, quotedA, quotedB) = (amountB, amountA, quotedB, quotedA);
            (desiredA, desiredB, reserveA, reserveB) = (desiredB, desiredA, reserveB, reserveA);
        }
        assertEq(quotedA, amountA, 'the scarcer token is never rounded up');
        assertEq(quotedB, (amountA * reserveB) / reserveA, 'the quote is the ratio, rounded down');
        assertTrue(amountB - quotedB < 2, 'the other is rounded up by less than a unit');
        bool isExact = quotedB * reserveA == amountA * reserveB;
        assertTrue(amountB > quotedB || isExact || amountB == desiredB, 'up, unless less is desired');
        if (amountA == Math.min(desiredA, MAX)) return;
        assertTrue(
            (amountA + 1) * reserveB > Math.min(desiredB, MAX) * reserveA,
            'one unit more is too much'
        );
    }

    function testFuzz_depositThenWithdrawal_neverGains(
        uint256 desiredA,
        uint256 desiredB,
        uint256 reserveA,
        uint256 reserveB,
        uint256 total
    ) public view {
        (reserveA, reserveB) = (boundLog(reserveA, 1, MAX / 2), boundLog(reserveB, 1, MAX / 2));
        (desiredA, desiredB) = (boundLog(desiredA, 1, MAX / 2), boundLog(desiredB, 1, MAX / 2));
        total = boundLog(total, 1, Math.max(1, Math.sqrt(reserveA * reserveB)));
        (uint256 amountA, uint256 amountB, , ) = _pool.amountsToAdd(desiredA, desiredB, reserveA, reserveB);
        uint256 liquidity = Math.min((amountA * total) / reserveA, (amountB * total) / reserveB);
        if (liquidity == 0) return;
        assertEq(_pool.liquidityFor(amountA, amountB, reserveA, reserveB, total), liquidity, 'liquidity');
        uint256 totalAfter = total + liquidity;
        assertLe(totalAfter, MAX, 'the total fits where the reserves do');
        uint256 outA = (liquidity * (reserveA + amountA)) / totalAfter;
        uint256 outB = (liquidity * (reserveB + amountB)) / totalAfter;
        assertLe(outA, amountA, 'A');
        assertLe(outB, amountB, 'B');
    }

    function testFuzz_withdrawal_leavesEveryoneElseAtLeastTheirShare(
        uint256 liquidity,
        uint256 reserveA,
        uint256 reserveB,
        uint256 total
    ) public view {
        (reserveA, reserveB) = (boundLog(reserveA, 1, MAX), boundLog(reserveB, 1, MAX));
        total = boundLog(total, 2, MAX);
        liquidity = boundLog(liquidity, 1, total - 1);
        try _pool.amountsFor(liquidity, reserveA, reserveB, total) returns (uint256 outA, uint256 outB) {
            assertLe(outA * total, liquidity * reserveA, 'A at most the share');
            assertLe(outB * total, liquidity * reserveB, 'B at most the share');
            assertLe(reserveA * (total - liquidity), (reserveA - outA) * total, 'A left per share');
            assertTrue(outA < reserveA && outB < reserveB, 'no reserve is emptied');
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IABPoolErrors.InsufficientLiquidityRemoved.selector, 'too little');
            assertTrue(
                liquidity * reserveA < total && liquidity * reserveB < total,
                'less than a unit of both'
            );
        }
    }

    function testFuzz_protocolPart_isAtMostHalfOfTheSwapFee(
        uint256 amountIn,
        uint256 protocolFee,
        uint256 swapFee
    ) public pure {
        amountIn = boundLog(amountIn, 1, MAX);
        swapFee = bound(swapFee, 0, MAX_FEE);
        protocolFee = bound(protocolFee, 0, swapFee / 2);
        uint256 part = ABPool.protocolPart(amountIn, protocolFee);
        assertLe(2 * part * 10_000, amountIn * swapFee, 'at most half of the fee');
    }

    function _amountOutOrZero(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) private view returns (uint256) {
        if (amountIn == 0) return 0;
        try _pool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee) returns (uint256 amountOut) {
            return amountOut;
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IABPoolErrors.InsufficientAmountOut.selector, 'too little in');
            return 0;
        }
    }

    /// @dev The left product may exceed 256 bits, because what comes in may exceed the bound that the manager checks.
    function _assertProductNotBelow(uint256 a, uint256 b, uint256 c, uint256 d) private pure {
        (uint256 highLeft, uint256 lowLeft) = Math.mul512(a, b);
        (uint256 highRight, uint256 lowRight) = Math.mul512(c, d);
        assertTrue(
            highLeft > highRight || (highLeft == highRight && lowLeft >= lowRight),
            'the product never falls'
        );
    }
}
